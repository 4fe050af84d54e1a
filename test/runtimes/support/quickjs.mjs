// Runs a script in QuickJS and writes what it tells: node quickjs.mjs SCRIPT. A process of its own,
// because nothing else gets a turn while a script runs.
import { readFileSync } from 'node:fs';
import { getQuickJS } from 'quickjs-emscripten';

const context = (await getQuickJS()).newContext();
const tell = context.newFunction('tell', (text) => console.log(context.getString(text)));
context.setProp(context.global, 'tell', tell);
context.unwrapResult(context.evalCode(readFileSync(process.argv[2], 'utf8'), 'script.js'));
// There is no event loop: the promises' jobs are run until there are none.
context.unwrapResult(context.runtime.executePendingJobs());
