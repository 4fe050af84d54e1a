// Every TypeScript fence in the README, the docs and the doc comments of src compiles and runs against
// the built package, and prints its stated output. Every example in docs/examples runs. No fence makes a
// store inside a call, and the statements on throttling hold to their figures.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
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
/** Folders of examples need packages, and are run by tests of their own. */
const examples = filesIn('docs/examples', '.mjs').filter((path) => path.split('/').length === 3);

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

describe('The throttling of docs/deploying.md', () => {
  const isThrottling = ({ code }: Fence) => code.includes('otp_attempts');
  const [fence] = fencesOf('docs/deploying.md').filter(isThrottling);

  /** The page's code on each database, then code of the test's own. */
  const on = (database: string, code: string): Fence => {
    if (fence === undefined) throw new Error('the fence is not found');
    const pglite = fence.code
      .replace(/^import .*@libsql\/client.*$/m, "import { PGlite } from '@electric-sql/pglite';")
      .replace(/createClient\(.*\)/, 'new PGlite()')
      .replace('db.execute({ sql, args })', 'db.query<Record<string, unknown>>(sql, args)');
    return { ...fence, code: `${database === 'SQLite' ? fence.code : pglite}\n${code}` };
  };

  /** What the code printed, after what the page prints. */
  const printed = async (database: string, code: string) => {
    const [outcome] = await runFences([on(database, code)]);
    if (outcome === undefined || 'error' in outcome) throw new Error(outcome?.error);
    const shown = fence?.prints ?? [];
    expect(outcome.printed.slice(0, shown.length)).toEqual(shown);
    return outcome.printed.slice(shown.length);
  };

  const START = 1_699_999_980_000;
  const ATTACK = `
    const { generateTotp } = await import('otpcore');
    const START = ${START};
    const of = (id: string) => ({ ...user, id, otp_id: id });
    const right = (ms: number) => generateTotp(user.key, { timestamp: START + ms });
    const wrong = (ms: number) => String((Number(right(ms)) + 1) % 1e6).padStart(6, '0');
    const at = (id: string, ms: number, code: string) => signIn(of(id), code, START + ms);
    const read = async (id: string) =>
      JSON.parse(String((await run('SELECT streak FROM otp_attempts WHERE user_id = $1', [id]))[0]?.streak));
    /** Guesses at the earliest moment, with a sign-in of the owner at the end of each day. */
    async function guessFor(days: number, id: string, ownerSignsIn: boolean) {
      let tried = 0;
      for (let day = 0; day < days; day++) {
        for (let ms = day * DAY; ms < (day + 1) * DAY; ) {
          const answer = await at(id, ms, 'guess');
          if (answer.startsWith('403')) return { tried, ms };
          const wait = Number(/Retry-After: (\\d+)/.exec(answer)?.[1] ?? 0);
          if (wait > 0) ms += 1000 * wait;
          else {
            await change(id, (streak) => afterFailure(streak, START + ms));
            tried++;
          }
        }
        if (ownerSignsIn) await change(id, afterSuccess);
      }
      return { tried, ms: days * DAY };
    }`;

  const cases = [
    {
      fact: 'lets 465 guesses through in a year of daily sign-ins',
      code: "console.log((await guessFor(366, 'carol', true)).tried);",
      prints: ['465'],
    },
    {
      fact: 'locks after 100 in a row and 3.7 days, for right codes too',
      code: `
        const { tried, ms } = await guessFor(9, 'dave', false);
        console.log(tried, (ms / DAY).toFixed(1), await at('dave', ms, right(ms)));`,
      prints: ['100 3.7 403 locked'],
    },
    {
      fact: 'gives back each attempt that was no wrong code',
      code: `
        console.log(await at('erin', 0, 'hello'), await at('erin', 0, right(0)), await at('erin', 0, right(0)));
        console.log((await read('erin')).failures, (await read('erin')).retryAt);
        for (let i = 0; i < 3; i++) await at('erin', 60_000, wrong(60_000));
        console.log(await at('erin', 64_000, right(64_000)), ((await read('erin')).spentUntil - START) / DAY > 2.9);`,
      prints: ['401 malformed 200 welcome 401 reused', '0 0', '200 welcome true'],
    },
    {
      fact: 'ends no wait that another attempt began',
      code: `
        const taken = await change('frank', (streak) => afterFailure(streak, START));
        for (let i = 0; i < 2; i++) await change('frank', (streak) => afterFailure(streak, START));
        if (taken) await giveBack('frank', taken);
        const { failures, retryAt } = await read('frank');
        console.log(failures, retryAt - START);`,
      prints: ['2 4000'],
    },
  ];

  test.each(cases)('$fact: on SQLite', async ({ code, prints }) => {
    expect(await printed('SQLite', ATTACK + code)).toEqual(prints);
  });

  test('does all of it on PostgreSQL', async () => {
    const code = cases.map((one) => `{\n${one.code}\n}`).join('\n');
    const prints = cases.flatMap((one) => one.prints);
    expect(await printed('PostgreSQL', ATTACK + code)).toEqual(prints);
  });
});

const MAKES_A_STORE = /^(?:memory|postgres|sqlite|mysql|redis)Store$/;

/** The stores that a fence makes inside a call or a function: pasted into a route, each forgets. */
function storesMadeInside({ document, line, code }: Fence): string[] {
  const source = ts.createSourceFile('fence.mts', code, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node, isInside: boolean): void => {
    const callee = ts.isCallExpression(node) ? node.expression.getText() : undefined;
    if (isInside && callee !== undefined && MAKES_A_STORE.test(callee)) {
      const { line: below } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${document}:${line + below}`);
    }
    const isCall = callee !== undefined && callee !== 'testSingleUseStore';
    const opens = ts.isFunctionLike(node) || isCall;
    ts.forEachChild(node, (child) => visit(child, isInside || opens));
  };
  visit(source, false);
  return found;
}

test('No fence makes a store inside a call or a function', () => {
  const inJavaScript = documents.flatMap((document) =>
    readFences(document, readFileSync(join(root, document), 'utf8'), 'js'),
  );
  expect([...fences, ...inJavaScript].flatMap(storesMadeInside)).toEqual([]);
});

test.each([
  { code: "await verifyTotpOnce(key, code, { store: memoryStore(), id: '7' });", found: 1 },
  { code: "app.post('/', (req) => { const store = sqliteStore(db); });", found: 1 },
  { code: 'async function signIn() { const store = postgresStore(pool); }', found: 1 },
  { code: 'const signIn = () => attempt({ store: memoryStore() });', found: 1 },
  {
    code: 'class Users { store = redisStore(client); read() { return mysqlStore(db); } }',
    found: 1,
  },
  { code: 'const store = memoryStore(); use(store);', found: 0 },
  { code: "const options = { store: memoryStore(), id: '7' };", found: 0 },
  { code: 'testSingleUseStore(memoryStore(), test);', found: 0 },
])('A store made inside is found: $code', ({ code, found }) => {
  const [fence] = readFences('sample.md', `\`\`\`ts\n${code}\n\`\`\``);
  expect(fence && storesMadeInside(fence)).toEqual(
    Array.from({ length: found }, () => 'sample.md:2'),
  );
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
