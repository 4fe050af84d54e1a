/** The part of the WebAssembly API that tests need: no types at hand name it. */

export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What our modules export: a memory, and functions by name. */
export interface ModuleExports {
  readonly memory: Memory;
  readonly [name: string]: unknown;
}

export interface WebAssemblyApi {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports(module: object): readonly object[];
    exports(module: object): readonly { readonly name: string }[];
  };
  readonly Instance: new (module: object) => { readonly exports: ModuleExports };
  validate(bytes: Uint8Array): boolean;
}

/** The platform's own, whatever a test puts in its place later. */
export const webAssembly: WebAssemblyApi = (
  globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }
).WebAssembly;

/** What an instance of a module exports. */
export function instantiate<Exports = ModuleExports>(bytes: Uint8Array): Exports {
  return new webAssembly.Instance(new webAssembly.Module(bytes)).exports as Exports;
}
