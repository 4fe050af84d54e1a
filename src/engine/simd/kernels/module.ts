/** Functions and data as one module. WebAssembly Core Specification 2.0, §5.5 "Modules". */
import {
  type Code,
  type Func,
  i32,
  type Local,
  leb128,
  littleEndian,
  type ValueType,
} from './assembler.js';

/** The end of a function's code, and of an expression. */
const END = 0x0b;
/** One memory of one page, which cannot grow. */
const ONE_PAGE = [1, 1, 1];
const MEMORY_NAME = 'memory';

/**
 * Assembles a module with one page of memory.
 *
 * @param functions - in the order of their indices
 * @param exported - indices by name; the memory is exported as `memory`
 * @param address - the address of `words` in the initial memory, in 32-bit words
 */
export function assemble(
  functions: readonly Func[],
  exported: Readonly<Record<string, number>>,
  address: number,
  words: readonly number[],
): Uint8Array {
  const exports = Object.entries(exported).map(([name, index]) => [nameOf(name), 0, leb128(index)]);
  // Of memory 0, its address as an expression (§5.5.14).
  const data = [0, i32.const(4 * address), END, list(littleEndian(words))];
  return bytesOf([
    // "\0asm" and the version.
    [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, functions.map(typeOf)),
    section(
      3,
      functions.map((_, index) => leb128(index)),
    ),
    section(5, [ONE_PAGE]),
    section(7, [[nameOf(MEMORY_NAME), 2, 0], ...exports]),
    section(10, functions.map(bodyOf)),
    section(11, [data]),
  ]);
}

function bytesOf(code: Code): Uint8Array {
  return Uint8Array.from((code as readonly unknown[]).flat(Number.POSITIVE_INFINITY) as number[]);
}

/** A list: the number of entries, then the entries. */
function list(entries: Code): Code {
  return [leb128(entries.length), entries];
}

/** Content, preceded by its length in bytes. */
function sized(content: Code): Code {
  return list([...bytesOf(content)]);
}

function section(number: number, entries: Code): Code {
  return [number, sized(list(entries))];
}

function nameOf(name: string): Code {
  return list(Array.from(name, (character) => character.charCodeAt(0)));
}

/** §5.3.6 */
function typeOf({ parameters, results }: Func): Code {
  return [0x60, list(parameters.map(({ type }) => type)), list(results)];
}

function bodyOf({ locals, code }: Func): Code {
  return sized([list(declarationsOf(locals)), code, END]);
}

/** Neighbours of one type are declared together. */
function declarationsOf(locals: readonly Local[]): Code[] {
  const runs: { readonly type: ValueType; count: number }[] = [];
  for (const { type } of locals) {
    const last = runs.at(-1);
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  return runs.map(({ type, count }) => [leb128(count), type]);
}
