// A subject's process, seen from the benchmark: one line asked, one line answered.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The cause in one line: the first line of an error's text that names it. */
function causeOf(stderr) {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const named = lines.find((line) => /^[\w ]*(Error|\[ERR)/.test(line)) ?? lines[0];
  return (named ?? 'it ended').slice(0, 200);
}

/** Starts a process; resolves once it prints `ready` and its description. */
export async function openWorker(file, args) {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting = [];
  let stderr = '';
  let isOver = false;

  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  // Its end is heard of by 'close'; a pipe that breaks before adds nothing.
  child.stdin.on('error', () => {});
  child.on('error', (error) => {
    stderr += error.message;
  });
  child.on('close', () => {
    isOver = true;
    for (const { reject } of waiting.splice(0)) reject(new Error(causeOf(stderr)));
  });
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(line));

  const answer = () =>
    isOver
      ? Promise.reject(new Error(causeOf(stderr)))
      : new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  const tell = (text) => child.stdin.write(`${text}\n`);
  const ready = await answer();
  return {
    about: JSON.parse(ready.replace(/^ready/, '')),
    tell,
    ask(line) {
      const answered = answer();
      tell(line);
      return answered;
    },
    close: () => child.stdin.end(),
  };
}
