// Calls the built package with ever less of the stack left, and looks what stays in the kernel's
// memory. A process of its own: where exactly the stack ends depends on what is compiled, and how.
const { Instance } = WebAssembly;
let words;
WebAssembly.Instance = function watched(module) {
  const instance = new Instance(module);
  // All before the table of constants, which stays.
  words = new Int32Array(instance.exports.memory.buffer, 0, 768);
  return instance;
};
const otpcore = await import('../../dist/node/index.js');

const [, , algorithm, operation] = process.argv;
const secret = new Uint8Array(20).fill(9);
const text = otpcore.encodeBase32(secret);
const key = otpcore.createKey(secret, { algorithm });
const batch = Array.from({ length: 5 }, () => ({ key, code: '123456' }));
const call = {
  bytes: () => otpcore.createKey(secret, { algorithm }),
  text: () => otpcore.createKey(text, { algorithm }),
  generate: () => otpcore.generateTotp(key, { timestamp: 59_000 }),
  verify: () => otpcore.verifyTotp(key, '123456', { timestamp: 59_000 }),
  batch: () => otpcore.verifyTotpBatch(batch, { timestamp: 59_000 }),
}[operation];

const isFilled = () => words.some((word) => word !== 0);
const down = (depth) => (depth === 0 ? call() : down(depth - 1));
const fails = (depth) => {
  try {
    down(depth);
    return false;
  } catch {
    return true;
  }
};

call();
let [low, high] = [0, 20_000];
while (high - low > 1) {
  const middle = (low + high) >> 1;
  if (fails(middle)) high = middle;
  else low = middle;
}
const seen = { failed: 0, left: 0, isSeen: false };
for (let depth = low - 20; depth < low + 400; depth++) {
  if (fails(depth)) seen.failed++;
  if (isFilled()) seen.left++;
  words.fill(0);
}
words[767] = 1;
seen.isSeen = isFilled();
console.log(JSON.stringify(seen));
