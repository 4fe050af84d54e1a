// The library that was built, as its `exports` give it. By its path, because bench/package.json makes
// this folder a package of its own, in which the name `otpcore` means nothing.
export * from '../dist/node/index.js';
