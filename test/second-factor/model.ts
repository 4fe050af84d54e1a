/**
 * Explores the real shell and core breadth first: every order in which the reads and writes of
 * several requests can meet a store, with answers that are lost and a clock that moves both ways.
 *
 * A request is run again from its start for each new answer that it gets, so that its local state
 * needs no copy: it is the list of the answers so far. A crash needs no step of its own, because a
 * request that is not continued is one; every state on the way is checked.
 */
import {
  createSecondFactor,
  type FactorRecord,
  type SecondFactor,
  type StoredFactor,
} from '../../src/second-factor.js';
import { plainSealer, START, STEP } from './support.js';

export interface Request {
  readonly name: string;
  /** What it uses up: of two requests with one of these in common, one at most may succeed. */
  readonly uses?: string;
  /** Whether that is a proof, which counts only while an authenticator is confirmed. */
  readonly isProof?: boolean;
  /** Whether a success has to raise a `lastStep`. */
  readonly raisesStep?: boolean;
  readonly run: (second: SecondFactor) => Promise<unknown>;
}

/** What the store answered to a request, and when. */
interface Answer {
  readonly now: number;
  readonly value?: unknown;
  readonly isLost?: boolean;
}

interface Local {
  readonly history: readonly Answer[];
  readonly waitsFor?: { readonly kind: 'read' } | Write;
  /** The result, or the code of the error. */
  readonly result?: { readonly ok?: boolean; readonly reason?: string };
}

interface Write {
  readonly kind: 'write';
  readonly record: string;
  readonly version: string | undefined;
}

interface State {
  readonly stored: StoredFactor | undefined;
  readonly now: number;
  readonly locals: readonly Local[];
  /** Answers that may still be lost, and moves that the clock may still make. */
  readonly losses: number;
  readonly moves: readonly number[];
  /** Failures that the record counted, whether or not a later success set them back. */
  readonly counted: number;
  /** What successful requests used up so far. */
  readonly used: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** What went wrong first, and after how many states. */
  readonly violation?: string;
}

export interface ModelOptions {
  readonly record: string | undefined;
  readonly requests: readonly Request[];
  /** A store that writes without looking at the version. */
  readonly isLeaky?: boolean;
  readonly losses?: number;
  readonly moves?: readonly number[];
}

export async function explore(options: ModelOptions): Promise<Exploration> {
  const { requests, isLeaky = false, losses = 1, moves = [STEP, -STEP] } = options;
  const known = new Map<string, Local>();
  const step = async (index: number, history: readonly Answer[]): Promise<Local> => {
    const key = `${index}${JSON.stringify(history)}`;
    const found = known.get(key) ?? (await runRequest(requests[index] as Request, index, history));
    known.set(key, found);
    return found;
  };

  const stored =
    options.record === undefined ? undefined : { record: options.record, version: '0' };
  const locals = await Promise.all(requests.map(async () => undefined as never as Local));
  for (let i = 0; i < requests.length; i++) locals[i] = await step(i, []);
  const first: State = { stored, now: START, locals, losses, moves, counted: 0, used: [] };
  const seen = new Set([keyOf(first, requests)]);
  let frontier = [first];
  let transitions = 0;

  while (frontier.length > 0) {
    const next: State[] = [];
    for (const state of frontier) {
      for await (const reached of successors(state)) {
        transitions++;
        const after = { ...reached, used: usedAfter(state, reached, requests) };
        const violation = check(state, after, requests);
        if (violation !== undefined) return { states: seen.size, transitions, violation };
        const key = keyOf(after, requests);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(after);
      }
    }
    frontier = next;
  }
  return { states: seen.size, transitions };

  async function* successors(state: State): AsyncGenerator<State> {
    for (const [i, move] of state.moves.entries()) {
      yield { ...state, now: state.now + move, moves: state.moves.filter((_, j) => j !== i) };
    }
    for (const [index, local] of state.locals.entries()) {
      const { waitsFor, history } = local;
      if (waitsFor === undefined) continue;
      const proceed = async (answer: Omit<Answer, 'now'>): Promise<readonly Local[]> => {
        const moved = await step(index, [...history, { now: state.now, ...answer }]);
        return state.locals.map((other, i) => (i === index ? moved : other));
      };
      if (waitsFor.kind === 'read') {
        yield { ...state, locals: await proceed({ value: state.stored }) };
        continue;
      }
      const isKept = isLeaky || waitsFor.version === state.stored?.version;
      if (!isKept) {
        yield { ...state, locals: await proceed({ value: false }) };
        continue;
      }
      const version = String(Number(state.stored?.version ?? '0') + 1);
      const written = { record: waitsFor.record, version };
      const counted = state.counted + Math.max(0, failuresOf(written) - failuresOf(state.stored));
      const kept = { ...state, stored: written, counted };
      yield { ...kept, locals: await proceed({ value: true }) };
      if (state.losses > 0) {
        const locals = await proceed({ value: true, isLost: true });
        yield { ...kept, locals, losses: state.losses - 1 };
      }
    }
  }
}

/** Runs a request with the answers that it had so far, up to its next question or its end. */
async function runRequest(
  request: Request,
  index: number,
  history: readonly Answer[],
): Promise<Local> {
  let now = START;
  let asked = 0;
  let waitsFor: Local['waitsFor'];
  const ask = (question: NonNullable<Local['waitsFor']>): Promise<never> => {
    const answer = history[asked++];
    if (answer === undefined) {
      waitsFor = question;
      return new Promise(() => {});
    }
    now = answer.now;
    if (answer.isLost) return Promise.reject(Object.assign(new Error(), { code: 'lost' }));
    return Promise.resolve(answer.value as never);
  };
  const second = createSecondFactor({
    issuer: 'ACME',
    sealer: plainSealer,
    recoveryCodes: 2,
    now: () => now,
    store: {
      read: () => ask({ kind: 'read' }),
      write: (_userId, record, version) => ask({ kind: 'write', record, version }),
    },
  });
  let result: Local['result'];
  seedRandom(index);
  void request.run(second).then(
    (value) => {
      result = value as object;
    },
    (error) => {
      result = { reason: `rejected: ${error.code ?? error.message}` };
    },
  );
  await new Promise<void>((resolve) => setImmediate(resolve));
  if (result !== undefined) return { history, result };
  if (waitsFor === undefined) throw new Error(`${request.name} neither waits nor ends`);
  return { history, waitsFor };
}

let seed = 0;
/** Random bytes that depend on the request alone, so that equal states have equal texts. */
export function seedRandom(index: number): void {
  seed = 1000 * (index + 1);
}
export function fakeRandomValues<Bytes extends Uint8Array>(bytes: Bytes): Bytes {
  for (let i = 0; i < bytes.length; i++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    bytes[i] = seed >>> 16;
  }
  return bytes;
}

/**
 * Earlier tries of a request leave nothing behind but their number; of requests that are alike it
 * does not matter which is where.
 */
function keyOf(state: State, requests: readonly Request[]): string {
  const { stored, now, losses, moves, counted, used } = state;
  const parts = state.locals.map(({ history, waitsFor, result }, i) =>
    JSON.stringify([
      requests[i]?.name,
      waitsFor,
      result,
      waitsFor && history.length,
      waitsFor && history.at(-1)?.now,
    ]),
  );
  return JSON.stringify([stored, now, losses, moves, counted, used, parts.sort()]);
}

/** What has been used up once a request of this step has ended well. */
function usedAfter(before: State, after: State, requests: readonly Request[]): readonly string[] {
  const finished = after.locals.findIndex((local, i) => local !== before.locals[i]);
  const { uses, isProof } = requests[finished] ?? ({} as Partial<Request>);
  if (uses === undefined || after.locals[finished]?.result?.ok !== true) return before.used;
  const isIgnored =
    isProof && !(before.stored && recordOf(before.stored).authenticators.length > 0);
  return isIgnored ? before.used : [...before.used, uses].sort();
}

function failuresOf(stored: StoredFactor | undefined): number {
  return stored === undefined ? 0 : recordOf(stored).code.failures;
}

function recordOf({ record }: StoredFactor): FactorRecord {
  return JSON.parse(record);
}

// Lemmas ---------------------------------------------------------------------------------------------

/** What is wrong with a step, if anything. */
function check(before: State, after: State, requests: readonly Request[]): string | undefined {
  return checkUses(after) ?? checkCounts(after, requests) ?? checkSteps(before, after, requests);
}

/** No replay: what is used up is used up once. */
function checkUses({ used }: State): string | undefined {
  const twice = used.find((uses, i) => used[i + 1] === uses);
  return twice && `${twice} was accepted twice`;
}

/** Every wrong code that was answered was counted, and three at most were answered. */
function checkCounts({ locals, counted }: State, requests: readonly Request[]): string | undefined {
  const answered = locals.filter(
    ({ result }, i) => result?.reason === 'mismatch' && requests[i]?.uses === undefined,
  ).length;
  if (answered > counted) return `${answered} wrong codes were answered, and ${counted} counted`;
  return undefined;
}

/** Steps and epochs only rise; recovery codes stay used; one code is one acceptance. */
function checkSteps(before: State, after: State, requests: readonly Request[]): string | undefined {
  if (after.stored === before.stored) return undefined;
  if (after.stored === undefined) return 'the record is gone';
  if (before.stored === undefined) return undefined;
  const [old, record] = [recordOf(before.stored), recordOf(after.stored)];
  if (record.epoch < old.epoch) return 'the epoch fell';
  let hasRisen = false;
  for (const { id, lastStep } of record.authenticators) {
    const former = old.authenticators.find((held) => held.id === id);
    if (former === undefined) continue;
    if (lastStep < former.lastStep) return 'a step fell';
    hasRisen ||= lastStep > former.lastStep;
  }
  for (const { hash, usedAt } of old.recovery) {
    const now = record.recovery.find((code) => code.hash === hash);
    if (usedAt !== undefined && now !== undefined && now.usedAt === undefined) {
      return 'a used recovery code is fresh again';
    }
  }
  const finished = after.locals.findIndex((local, i) => local !== before.locals[i]);
  const isAccepted = after.locals[finished]?.result?.ok === true;
  const hadFactor = old.authenticators.length > 0;
  if (isAccepted && hadFactor && requests[finished]?.raisesStep && !hasRisen) {
    return `${requests[finished]?.name} was accepted without using up a step`;
  }
  return undefined;
}
