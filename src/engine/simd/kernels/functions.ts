/** The functions of a kernel by their indices. */

export const OTHER_ROUNDS = 0;
export const HMAC = 1;
export const ABSORB_KEY = 2;
export const PREPARE = 3;
export const DECODE = 4;
