// workerd, the runtime of Cloudflare Workers, over a socket on loopback.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { end, run, start } from '../support/process.mjs';
import { bundle, installed } from '../support/project.mjs';

const CONFIG = (module) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "${module}")],
  compatibilityDate = "2026-11-17",
);
`;

/** The port that workerd chose, which it tells on a pipe. */
function portOf(child) {
  return new Promise((done, fail) => {
    let text = '';
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`workerd ended with ${code}`)));
    child.stdio[3].setEncoding('utf8').on('data', (more) => {
      text += more;
      const port = /"port":(\d+)/.exec(text)?.[1];
      if (port !== undefined) done(port);
    });
  });
}

async function judgeBundle(project, program, target) {
  const worker = await bundle(project, 'worker.mjs', target);
  const config = join(project.folder, `${target}.capnp`);
  writeFileSync(config, CONFIG(worker.slice(project.folder.length + 1)));
  const child = start(program, ['serve', config, '--control-fd=3'], {
    cwd: project.folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  try {
    const port = await portOf(child);
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      signal: AbortSignal.timeout(60_000),
    });
    return await response.json();
  } finally {
    end(child);
  }
}

export const runtimes = [
  {
    name: 'workerd',
    engine: 'portable',
    lacks: [],
    remedy: 'the npm package @cloudflare/workerd-linux-64, which is for Linux on x64',
    locate: () => installed('@cloudflare', 'bin/workerd'),
    version: async (program) =>
      (await run(program, ['--version'], { cwd: '/' })).trim().split(' ')[1],
    judge: (project, program) => judgeBundle(project, program, 'workerd'),
    /** With a server's bundle, as one gets that was made for Node. */
    judgeServerBundle: (project, program) => judgeBundle(project, program, 'server'),
  },
];
