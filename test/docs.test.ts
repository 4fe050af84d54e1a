// Every TypeScript fence in the README, the docs and the doc comments of src compiles and runs against
// the built package, and prints its stated output. Every example in docs/examples runs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Fence,
  node,
  type Outcome,
  readFences,
  runFences,
  typeErrors,
} from './support/fences.js';

const root = fileURLToPath(new URL('../', import.meta.url));

function filesIn(folder: string, ending: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort();
}

function fencesOf(document: string): Fence[] {
  return readFences(document, readFileSync(join(root, document), 'utf8'));
}

/** The reference has no fence but those of the sources, which run from there. */
const isReference = (name: string) => name.startsWith('docs/api/');
const documents = [
  ...['README.md'].filter((name) => existsSync(join(root, name))),
  ...filesIn('docs', '.md').filter((name) => !isReference(name)),
  ...filesIn('src', '.ts'),
];
const fences = documents.flatMap(fencesOf);
const examples = filesIn('docs/examples', '.mjs');

describe('The fences of', () => {
  const running = fences.filter(({ runs }) => runs);
  let errors: readonly (readonly string[])[];
  let outcomes: ReadonlyMap<Fence, Outcome | undefined>;

  // One program of the compiler and one process for all of them: either takes a second to start.
  beforeAll(async () => {
    errors = typeErrors(fences);
    const ran = await runFences(running);
    outcomes = new Map(running.map((fence, i) => [fence, ran[i]]));
  }, 120_000);

  describe.each([...new Set(fences.map(({ document }) => document))])('%s', (document) => {
    const own = fences.filter((fence) => fence.document === document);
    test.each(own)('have no type error: line $line', (fence) => {
      expect(errors[fences.indexOf(fence)]).toEqual([]);
    });

    const ownRunning = own.filter(({ runs }) => runs);
    test.each(ownRunning)('print their stated output: line $line', (fence) => {
      expect(outcomes.get(fence)).toEqual({ printed: fence.prints });
    });
  });
});

test('The documents are found, and every public file of src has a fence', () => {
  const withFence = new Set(fences.map(({ document }) => document));
  const publicFiles = filesIn('src', '.ts').filter((path) =>
    /^src\/(?:stores\/)?[^/]+$/.test(path),
  );
  expect(publicFiles.length).toBeGreaterThan(5);
  expect(publicFiles.filter((path) => path !== 'src/index.ts' && !withFence.has(path))).toEqual([]);
});

test.skipIf(!documents.includes('README.md'))('The README has a fence that runs', () => {
  expect(fencesOf('README.md').filter(({ runs }) => runs)).not.toEqual([]);
});

for (const example of examples) {
  test(`${example} runs and ends with 0`, async () => {
    const { code, stdout, stderr } = await node([join(root, example)]);
    expect(code, stdout + stderr).toBe(0);
  });
}

describe('A fence is held to its stated output:', () => {
  const fence = (...code: string[]) =>
    readFences('sample.md', ['# Sample', '```ts', ...code, '```'].join('\n'));

  test.each([
    ['at the end of the line', 'console.log(1 + 1); // → 2'],
    ['on the line below', 'console.log(1, [2]);', '// → 1 [ 2 ]'],
    ['in order', 'for (const i of [1, 2]) console.log(i);', '// → 1', '// → 2'],
    ['for no output', 'const n: number = 1;'],
    [
      'joined by single spaces, for several lines',
      "console.log({ a: 'a'.repeat(60), b: 'b' });",
      `// → { a: '${'a'.repeat(60)}', b: 'b' }`,
    ],
    [
      'for the package itself',
      "import { OtpError } from 'otpcore/errors';",
      'console.log(OtpError.name); // → OtpError',
    ],
  ])('An arrow states the output %s', async (_, ...code) => {
    const sample = fence(...code);
    expect(await runFences(sample)).toEqual([{ printed: sample[0]?.prints }]);
  });

  test.each([
    { what: 'A wrong arrow', code: ['console.log(2); // → 3'], printed: ['2'] },
    { what: 'A missing arrow', code: ['console.log(2);'], printed: ['2'] },
    { what: 'An arrow too many', code: ['const n = 2; // → 2'], printed: [] },
    {
      what: 'Two outputs under one arrow',
      code: ['console.log(2); console.log(2); // → 2'],
      printed: ['2', '2'],
    },
  ])('$what is found', async ({ code, printed }) => {
    const sample = fence(...code);
    expect(await runFences(sample)).toEqual([{ printed }]);
    expect(sample[0]?.prints).not.toEqual(printed);
  });

  test.each([
    { what: 'throws', code: ["throw new Error('on purpose');"], error: /on purpose/ },
    {
      what: 'leaves a rejected promise',
      code: ["void Promise.reject(new Error('late'));"],
      error: /late/,
    },
    { what: 'waits for ever', code: ['await new Promise(() => {});'], error: /ended early/ },
    { what: 'ends the process', code: ['process.exit(0);'], error: /ended early/ },
    {
      what: 'imports what there is not',
      code: ["import 'otpcore/engine/simd';"],
      error: /ERR_PACKAGE_PATH_NOT_EXPORTED|not defined by "exports"/,
    },
  ])(
    'A fence that $what is found, and the one before it is not blamed',
    async ({ code, error }) => {
      const [good, bad] = await runFences([...fence('console.log(1);'), ...fence(...code)]);
      expect(good).toEqual({ printed: ['1'] });
      expect(bad).toEqual({ error: expect.stringMatching(error) });
    },
  );

  test('A type error is found, at its line in the document', () => {
    const wrong = fence("import { timeStep } from 'otpcore';", "timeStep({ timestamp: '59' });");
    expect(typeErrors([...fence('const n: number = 1;'), ...wrong])).toEqual([
      [],
      [expect.stringMatching(/^4: Type 'string' is not assignable to type 'number'/)],
    ]);
  });

  test('A fence marked no-run is read and not run', () => {
    const text = '```ts no-run\nthrow new Error();\n```';
    expect(readFences('sample.md', text)).toMatchObject([{ runs: false, line: 2 }]);
  });

  test('Only TypeScript is read, in lists too, and from doc comments', () => {
    const list = '- a list\n\n  ```ts\n  const a = 1;\n  ```\n\n```sh\nnpm test\n```\n';
    expect(readFences('sample.md', list)).toMatchObject([{ line: 4, code: 'const a = 1;' }]);
    const source = '/**\n * ```ts\n * a(\n *   1);\n * ```\n */\nexport const a = `\n```ts\n`;';
    expect(readFences('sample.ts', source)).toMatchObject([{ line: 3, code: 'a(\n  1);' }]);
  });

  test.each(['```typescript\n```', '```ts norun\n```', '```ts\nconst a = 1;'])(
    'A fence that would slip by is refused: %j',
    (text) => {
      expect(() => readFences('sample.md', text)).toThrow('sample.md:1');
    },
  );
});
