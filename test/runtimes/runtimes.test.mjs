// The packed library, installed into an empty project, in every runtime: one suite, the engine that
// package.json names for it, and in browsers not one report of a strict Content-Security-Policy.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProject } from './support/project.mjs';
import { RUNTIMES, timed } from './support/runtimes.mjs';
import { formatTable, rowOf } from './support/table.mjs';

/** Set where every runtime has to be there, as in the gate. */
const isRequired = process.env.RUNTIMES === 'required';
/** The table's rows by title, in the order of the tests. */
const rows = new Map();
/** The checks that need WebCrypto: three of random secrets, and four of the second factor. */
const CHECKS_OF_CRYPTO = 7;
/** How many checks passed, by whether the runtime has WebCrypto. */
const counts = { withCrypto: new Set(), without: new Set() };

let project;

beforeAll(async () => {
  project = await createProject();
});

afterAll(() => {
  const ran = [...rows.values()].filter((row) => row !== undefined);
  console.log(`\n${formatTable(ran)}`);
  project?.remove();
});

/** What holds of a report from any runtime. */
function expectConformance(report, { engine, lacks }) {
  expect(report.failures).toEqual([]);
  expect(report.engine).toBe(engine);
  expect(report.lacks).toEqual(lacks);
  // The suite fails where it should, in this very runtime.
  expect(report.uncaught).toEqual([]);
  expect(report.passed).toBeGreaterThan(350);
  (report.lacks.includes('crypto') ? counts.without : counts.withCrypto).add(report.passed);
}

/**
 * A test that needs a runtime: without it it is skipped, or fails if all are required.
 *
 * @param title - as in the table
 * @param what - what holds there
 * @param run - gives the outcome, and of it the one report that the row is about
 */
function testIn(runtime, title, what, run) {
  rows.set(title, undefined);
  if (runtime.program !== undefined) {
    return test.concurrent(`${title} ${what}`, async () => {
      const { outcome, report, expected = runtime } = await run();
      rows.set(title, rowOf(title, outcome, report));
      expectConformance(report, expected);
      return report;
    });
  }
  const missing = `needs ${runtime.remedy}`;
  if (isRequired) {
    return test(title, () => expect.fail(`${title} ${missing}; every runtime is required here`));
  }
  console.warn(`left out: ${title} (${missing})`);
  rows.set(title, [title, '', '', `left out: ${missing}`, '']);
  return test.skip(`${title} (${missing})`);
}

for (const runtime of RUNTIMES.filter(({ judge }) => judge !== undefined)) {
  const { name, engine } = runtime;
  testIn(runtime, name, `passes the suite on the ${engine} engine`, async () => {
    const outcome = await timed(runtime, runtime.judge, project);
    // Where the portable engine is the right one, WebAssembly is not so much as tried.
    expect(outcome.found.tried > 0).toBe(engine === 'simd');
    return { outcome, report: outcome.found };
  });
}

for (const runtime of RUNTIMES.filter(({ judgeServerBundle }) => judgeServerBundle !== undefined)) {
  const title = `${runtime.name}, a server's bundle`;
  testIn(runtime, title, 'may not compile, and falls back', async () => {
    const outcome = await timed(runtime, runtime.judgeServerBundle, project);
    expect(outcome.found).toMatchObject({ tried: 3, compiled: 0 });
    return { outcome, report: outcome.found };
  });
}

const browsers = RUNTIMES.filter(({ judgePages }) => judgePages !== undefined);
const visits = new Map();

/** What a browser found on its pages, which it visits once, for all tests. */
function visit(runtime) {
  const { name, judgePages } = runtime;
  if (!visits.has(name)) visits.set(name, timed(runtime, judgePages, project));
  return visits.get(name);
}

// The first test of each browser before the others, so that both are at work.
for (const runtime of browsers) {
  testIn(runtime, runtime.name, 'passes the suite on the portable engine', async () => {
    const outcome = await visit(runtime);
    expect(outcome.found.open.tried).toBe(0);
    return { outcome, report: outcome.found.open };
  });
}

for (const runtime of browsers) {
  const { name } = runtime;
  testIn(runtime, `${name}, raw files`, 'loads the package by address', async () => {
    const outcome = await visit(runtime);
    const report = outcome.found.raw;
    expect(report.tried).toBe(0);
    return { outcome, report };
  });

  testIn(
    runtime,
    `${name}, strict CSP`,
    "without 'wasm-unsafe-eval', sends no report",
    async () => {
      const outcome = await visit(runtime);
      const report = outcome.found.strict;
      expect(report).toMatchObject({ tried: 0, violations: [], reports: [] });
      return { outcome, report };
    },
  );

  testIn(
    runtime,
    `${name}, a server's bundle`,
    'takes the simd engine that it brings',
    async () => {
      const outcome = await visit(runtime);
      return { outcome, report: outcome.found.server, expected: { ...runtime, engine: 'simd' } };
    },
  );

  testIn(runtime, `${name}, a server's bundle, strict CSP`, 'does send reports', async () => {
    const outcome = await visit(runtime);
    const report = outcome.found.compiling;
    expect(report).toMatchObject({ tried: 3, compiled: 0 });
    expect(report.violations.length).toBeGreaterThan(0);
    expect(report.reports.map((sent) => sent['blocked-uri'])).toContain('wasm-eval');
    return { outcome, report };
  });
}

test('All runtimes ran the same checks, but for those that need WebCrypto', () => {
  const [most, ...others] = counts.withCrypto;
  expect(most).toBeGreaterThan(350);
  expect(others).toEqual([]);
  for (const fewer of counts.without) expect(most - fewer).toBe(CHECKS_OF_CRYPTO);
  // The document's table has the engine, then the number of checks.
  const document = readFileSync(new URL('../../docs/runtimes.md', import.meta.url), 'utf8');
  const said = [...document.matchAll(/\| (?:SIMD|portable) \| (\d+) \|/g)].map(([, n]) =>
    Number(n),
  );
  expect(said.length).toBeGreaterThan(10);
  expect(new Set(said)).toEqual(new Set([most, most - CHECKS_OF_CRYPTO]));
  expect(document).toContain(`One suite of ${most} checks`);
  expect(document).toContain(`The ${CHECKS_OF_CRYPTO} missing checks`);
});
