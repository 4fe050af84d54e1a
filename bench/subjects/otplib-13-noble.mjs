// otplib 13 as it comes: HMAC by @noble/hashes.
import { NobleCryptoPlugin } from 'otplib-13';
import { withPlugin } from './otplib-13.mjs';

export const subject = withPlugin('noble plugin', new NobleCryptoPlugin());
