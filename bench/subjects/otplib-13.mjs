// otplib 13, the functional API that its README recommends, in its synchronous form (the asynchronous
// one is slower). Its window is in seconds; it stops at the first match.
import { parse } from '@otplib/uri';
import { generateSync, generateURI, ScureBase32Plugin, verifySync } from 'otplib-13';

const base32 = new ScureBase32Plugin();
/** It takes bytes as well as base32 text, which it decodes once a call. */
const load = (form) => (form === 'text' ? ({ text }) => text : ({ secret }) => secret);

/** otplib 13 with one of its two synchronous crypto plugins. */
export function withPlugin(name, crypto) {
  return {
    label: `otplib 13, ${name}`,
    package: 'otplib-13',
    keeps: 'secret bytes',

    verifier(form, { algorithm: upper, window, timestamp }) {
      const algorithm = upper.toLowerCase();
      const epoch = timestamp / 1000;
      const epochTolerance = 30 * window;
      return {
        load: load(form),
        accepts: (secret, token) =>
          verifySync({ secret, token, epoch, epochTolerance, algorithm, crypto }).valid,
      };
    },

    generator(form, { algorithm: upper, timestamp }) {
      const algorithm = upper.toLowerCase();
      const epoch = timestamp / 1000;
      return {
        load: load(form),
        code: (secret) => generateSync({ secret, epoch, algorithm, crypto }),
      };
    },

    tools: {
      parseUri: parse,
      secretOf: ({ params }) => params.secret,
      buildUri: ({ issuer, account, text }) =>
        generateURI({ issuer, label: account, secret: text }),
      encodeBase32: (bytes) => base32.encode(bytes),
      decodeBase32: (text) => base32.decode(text),
    },
  };
}
