// A browser as far as it matters here: it keeps cookies, and sends them back.
import { createKey, generateTotp } from '../../../dist/node/index.js';

const PERIOD_MS = 30_000;

/** @param send - a fetch of a path */
export function openBrowser(send, cookies = {}) {
  const jar = { ...cookies };
  async function ask(method, path, body) {
    const cookie = Object.entries(jar).map(([name, value]) => `${name}=${value}`);
    const headers = { 'Content-Type': 'application/json', Cookie: cookie.join('; ') };
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const response = await send(path, { method, headers, body: sent });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      jar[name] = value;
    }
    const text = await response.text();
    const answer = text.startsWith('{') ? JSON.parse(text) : {};
    return { status: response.status, headers: response.headers, ...answer };
  }
  return {
    /** The cookies at this moment. */
    cookies: () => ({ ...jar }),
    post: (path, body = {}) => ask('POST', path, body),
    get: (path) => ask('GET', path),
  };
}

/** An authenticator app: the code of this step, or of a later one. */
export function openPhone(secret) {
  const key = createKey(secret);
  const code = (later = 0) => generateTotp(key, { timestamp: Date.now() + later * PERIOD_MS });
  return {
    code,
    /** A code of no step near this one. */
    wrongCode() {
      const near = [-2, -1, 0, 1, 2].map(code);
      return ['000000', '111111', '222222', '333333', '444444', '555555'].find(
        (guess) => !near.includes(guess),
      );
    },
  };
}
