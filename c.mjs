import * as A from './dist/engine/wasm/assembler.js';
import { sha1Rounds as h } from './dist/engine/wasm/sha1-rounds.js';
import { kernelModule } from './dist/engine/wasm/kernel.js';
const t=[performance.now()];const m=(n)=>{t.push(performance.now());console.log(n,(t.at(-1)-t.at(-2)).toFixed(3))};
if(process.argv[2]){
const b=kernelModule(h);m('kernelModule');new WebAssembly.Instance(new WebAssembly.Module(b));m('compile');
const b2=kernelModule(h);m('kernelModule again');}
else{
const code=A.newFunction(new Array(12).fill(A.V128),[A.V128]);m('newFunction');
const l=[...Array(12).keys()];
const inner=h.compress(code,l.slice(0,5),[10,11,0x80000000n,...Array(12).fill(0n),576n]);m('inner');
const outer=h.compress(code,l.slice(5,10),[...inner,0x80000000n,...Array(9).fill(0n),672n]);m('outer');
}
