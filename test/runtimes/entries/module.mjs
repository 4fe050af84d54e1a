// For runtimes that find packages by themselves: Node, Bun, Deno.
import { judge } from './judge.mjs';

console.log(JSON.stringify(await judge(await import('./library.mjs'))));
