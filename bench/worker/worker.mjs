// One subject in a process of its own, so that heap, garbage and compiled code are its own:
// `node worker.mjs MODULE ALGORITHM ENGINE`. It prints `ready {…}` and then answers line by line, as
// the native programs do (native/harness.h):
//   check ROW          with `ok`, or `absent` or `failed` and a reason
//   time ROW MILLIS    with `USERS NANOSECONDS ACCEPTED`
import { createInterface } from 'node:readline';
import { openSubject } from './timer.mjs';

const [module, algorithm, engine] = process.argv.slice(2);
// Read by subjects/library.mjs, so it is set before that is imported.
if (engine !== '') process.env.OTPCORE_BENCH_ENGINE = engine;

const subject = await openSubject(module, algorithm);
console.log(`ready ${JSON.stringify(subject.about)}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [command, row, milliseconds] = line.split(' ');
  console.log(
    command === 'check' ? await subject.check(row) : await subject.time(row, Number(milliseconds)),
  );
}
process.exit();
