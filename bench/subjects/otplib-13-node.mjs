// otplib 13 with its plugin for node:crypto. Its URIs and base32 are in the noble row.
import { NodeCryptoPlugin } from '@otplib/plugin-crypto-node';
import { withPlugin } from './otplib-13.mjs';

export const subject = {
  ...withPlugin('node plugin', new NodeCryptoPlugin()),
  tools: undefined,
};
