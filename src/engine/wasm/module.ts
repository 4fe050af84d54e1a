/** Functions and data as one module. WebAssembly Core Specification 2.0, §5.5 "Modules". */
import { type Code, END, I32, pushInteger, V128 } from './assembler.js';
import {
  CAPACITY,
  newWriter,
  type Writer,
  writeByte,
  writeContent,
  writeUnsigned,
  writeWithLength,
  writeWord,
} from './bytes.js';

/** Room for a section other than the code. */
const SMALL_CAPACITY = 1 << 10;

/** What a module's memory holds from a byte address on: 32-bit words. */
export interface Data {
  readonly address: number;
  readonly words: readonly number[];
}

/**
 * Assembles a module with one page of memory.
 *
 * @param functions - in the order of their indices
 * @param exported - indices by name; the memory is exported as `memory`
 * @param data - what the memory holds from the start
 */
export function assemble(
  functions: readonly Code[],
  exported: Readonly<Record<string, number>>,
  data?: Data,
): Uint8Array {
  const module = newWriter(CAPACITY);
  for (const byte of [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) writeByte(module, byte);
  section(module, SMALL_CAPACITY, 1, functions.length, (part) => {
    for (const { parameters, results } of functions) writeType(part, parameters, results);
  });
  section(module, SMALL_CAPACITY, 3, functions.length, (part) => {
    functions.forEach((_, index) => {
      writeUnsigned(part, index);
    });
  });
  section(module, SMALL_CAPACITY, 5, 1, (part) => {
    writeByte(part, 1);
    writeByte(part, 1);
    writeByte(part, 1);
  });
  section(module, SMALL_CAPACITY, 7, Object.keys(exported).length + 1, (part) => {
    writeExport(part, 'memory', 2, 0);
    for (const [name, index] of Object.entries(exported)) writeExport(part, name, 0, index);
  });
  section(module, CAPACITY, 10, functions.length, (part) => {
    for (const code of functions) writeBody(part, code);
  });
  if (data !== undefined) {
    section(module, SMALL_CAPACITY, 11, 1, (part) => writeData(part, data));
  }
  if (module.length > CAPACITY) throw new RangeError('a module is too long');
  return module.bytes.slice(0, module.length);
}

/** A section: its number, its length, how many entries, the entries (§5.5). */
function section(
  module: Writer,
  capacity: number,
  number: number,
  entries: number,
  write: (part: Writer) => void,
): void {
  const part = newWriter(capacity);
  writeUnsigned(part, entries);
  write(part);
  if (part.length > capacity) throw new RangeError('a section is too long');
  writeByte(module, number);
  writeWithLength(module, part);
}

function writeType(part: Writer, parameters: readonly number[], results: readonly number[]): void {
  writeByte(part, 0x60);
  for (const types of [parameters, results]) {
    writeUnsigned(part, types.length);
    for (const type of types) writeByte(part, type);
  }
}

function writeExport(part: Writer, name: string, kind: number, index: number): void {
  writeUnsigned(part, name.length);
  for (let i = 0; i < name.length; i++) writeByte(part, name.charCodeAt(i));
  writeByte(part, kind);
  writeUnsigned(part, index);
}

function writeBody(part: Writer, code: Code): void {
  // Two declarations of locals, which take five bytes, the code, the end mark.
  writeUnsigned(part, 5 + code.length + 1);
  writeByte(part, 2);
  writeByte(part, code.integers);
  writeByte(part, I32);
  writeByte(part, code.vectors);
  writeByte(part, V128);
  writeContent(part, code);
  writeByte(part, END);
}

/** An active segment of memory 0 (§5.5.14), its address as an expression. */
function writeData(part: Writer, { address, words }: Data): void {
  writeByte(part, 0);
  pushInteger(part, address);
  writeByte(part, END);
  writeUnsigned(part, 4 * words.length);
  for (const word of words) writeWord(part, word);
}
