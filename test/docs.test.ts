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
/** Those of frameworks need packages: test/frameworks runs them. */
const examples = filesIn('docs/examples', '.mjs').filter((path) => !path.includes('/frameworks/'));

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
  const isThrottling = ({ code }: Fence) => code.includes('const TAKE =');
  const [fence] = fencesOf('docs/deploying.md').filter(isThrottling);

  /** The page's statements under each database, then code of the test's own. */
  const on = (database: string, code: string): Fence => {
    if (fence === undefined) throw new Error('the fence is not found');
    const pglite = fence.code
      .replace(/^import .*@libsql\/client.*$/m, "import { PGlite } from '@electric-sql/pglite';")
      .replace(/createClient\(.*\)/, 'new PGlite()')
      .replace('db.execute({ sql, args })', 'db.query(sql, args)');
    const own = database === 'SQLite' ? fence.code : pglite;
    // The page and the tests count from 0. As times of codes, some of the tests' would look like seconds.
    const later = own.replaceAll('timestamp: now', 'timestamp: START + now');
    return { ...fence, code: `let START = 0;\n${later}\nSTART = 1_699_999_980_000;\n${code}` };
  };

  /** What the code printed, after what the page prints. */
  const printed = async (database: string, code: string) => {
    const [outcome] = await runFences([on(database, code)]);
    if (outcome === undefined || 'error' in outcome) throw new Error(outcome?.error);
    const shown = fence?.prints ?? [];
    expect(outcome.printed.slice(0, shown.length)).toEqual(shown);
    return outcome.printed.slice(shown.length);
  };

  /** Guesses at the earliest moment, while `day` is run once a day; and the phone. */
  const ATTACK = `
    const shown = (ms: number) => generateTotp(key, { timestamp: START + ms });
    const codes = (ms: number): [string, string, string] => [shown(ms - 60_000), shown(ms - 30_000), shown(ms)];
    const guess = async (account: string, now: number) => (await run(TAKE, [account, 'code', now])).length === 1;
    async function guessFor(days: number, account: string, eachDay: (now: number) => Promise<unknown>) {
      let [tried, at] = [0, 0];
      for (let day = 0; day <= days; day++) {
        for (at = day * DAY; at < (day + 1) * DAY && at <= days * DAY; ) {
          if (await guess(account, at)) tried++;
          const seconds = await retryAfter(account, 'code', at);
          if (seconds === undefined) return { tried, at };
          at += 1000 * seconds;
        }
        await eachDay(day * DAY);
      }
      return { tried, at };
    }`;

  const day = 86_400_000;
  const cases = [
    {
      fact: 'lets 465 guesses through in a year of daily sign-ins, the owner too',
      code: `
        const { tried } = await guessFor(365, 'carol', () => run(UNLOCK, ['carol']));
        console.log(tried);
        const at = 365 * DAY;
        console.log(await signIn('carol', shown(at), at));
        console.log(await unlock('carol', codes(at), at));
        console.log(await signIn('carol', '000000', at));`,
      prints: ['465', '429 Retry-After: 86400', '200 welcome', '429 Retry-After: 86400'],
    },
    {
      fact: 'lets 35 guesses a day through where a success refills the budget: the attack can tell',
      code: `
        const refill = () => run("DELETE FROM otp_attempts WHERE account = 'judy'", []);
        const { tried } = await guessFor(20, 'judy', refill);
        console.log(Math.floor(tried / 20) * 365);`,
      prints: ['12775'],
    },
    {
      fact: 'locks after 100 in a row and 3.7 days, but for recovery codes, until enrolled anew',
      code: `
        const { tried, at } = await guessFor(9, 'dave', async () => {});
        console.log(tried, (at / DAY).toFixed(1));
        console.log(await signIn('dave', shown(at), at), await unlock('dave', codes(at), at));
        for (const right of [false, false, false, false, true]) {
          console.log(await recover('dave', async () => right, at));
        }
        await run(FORGET, ['dave']);
        console.log(await signIn('dave', shown(at + 90_000), at + 90_000));`,
      prints: [
        '100 3.7',
        '403 locked 403 locked',
        ...['401 mismatch', '401 mismatch', '401 mismatch'],
        '429 Retry-After: 4',
        '200 recovered',
        '200 welcome',
      ],
    },
    {
      fact: 'gives back what was no wrong code, and ends no wait that another attempt began',
      code: `
        const state = async () => console.log(Object.values((await run(READ, ['erin', 'code']))[0] ?? {}).join());
        for (let i = 0; i < 3; i++) await guess('erin', 0);
        console.log(await signIn('erin', 'hello', 4000));
        await state();
        // Taken at 4 s and given back after another was counted at 12 s.
        const [taken] = await run(TAKE, ['erin', 'code', 4000]);
        await guess('erin', 12_000);
        await run(GIVE_BACK, [Number(taken?.retry_at), 'erin', 'code']);
        await state();
        console.log(await signIn('erin', shown(60_000), 60_000));
        await state();`,
      prints: [
        '401 malformed',
        `3,0,${3 * day}`,
        `4,28000,${4 * day}`,
        '200 welcome',
        `0,0,${4 * day}`,
      ],
    },
    {
      fact: 'counts a time that a wrong clock wrote as due, for one guess',
      code: `
        for (const year of [9, 0, 0]) console.log(await guess('frank', year * 365 * DAY));
        console.log(await retryAfter('frank', 'code', 0));
        for (let i = 0; i < 3; i++) await guess('grace', 9 * 365 * DAY);
        console.log(await retryAfter('grace', 'code', 0), await guess('grace', 0), await guess('grace', 0));`,
      prints: ['true', 'true', 'false', '86400', '0 true false'],
    },
    {
      fact: 'opens no attempt to a server whose clock is a second behind',
      code: `
        await guess('heidi', 0);
        const write = (retryAt: number, spentUntil: number) =>
          run("UPDATE otp_attempts SET retry_at = $1, spent_until = $2 WHERE account = 'heidi'", [retryAt, spentUntil]);
        for (const row of [[HOUR, DAY], [0, 100 * DAY]] as const) {
          await write(...row);
          console.log(await guess('heidi', -1000), await guess('heidi', 0));
        }`,
      prints: ['false false', 'false false'],
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
