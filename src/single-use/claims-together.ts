/**
 * Claims that wait at the same time, sent together: a batch holds at most one claim of each id, and the
 * claims of one id are decided in the order in which they were made.
 *
 * It knows no database. `send` decides a batch in one statement, so a batch succeeds or fails as one.
 */

/** A claim to be decided: an id and the step that is claimed for it. */
export interface Claim {
  readonly id: string;
  readonly step: number;
}

/** Decides a batch of claims of different ids, in ascending order of ids; gives the ids granted. */
export type SendClaims = (claims: readonly Claim[]) => PromiseLike<ReadonlySet<string>>;

/** A claim whose caller waits, and the next one of the same id. */
interface Waiting extends Claim {
  readonly resolve: (isGranted: boolean) => void;
  readonly reject: (error: unknown) => void;
  next: Waiting | undefined;
}

/** The claims of one id that wait: the first is being decided, or is the next to be sent. */
interface Line {
  first: Waiting;
  last: Waiting;
}

/** A statement of this many rows takes some 10 ms; more rows would make their callers wait longer. */
const MAX_CLAIMS = 1000;
/**
 * Statements at once. One to eight had the same throughput; with four, a statement that waits for a
 * lock does not hold up the others, and most connections of a pool stay free.
 */
const MAX_BATCHES = 4;
/**
 * A longer id goes out alone, so that one too long for the database's index fails no other claim:
 * PostgreSQL takes 2,692 bytes, and a UTF-16 unit has at most three.
 */
const MAX_TOGETHER_LENGTH = 800;

/** Makes a `claim` that gathers the claims of one turn of the event loop, and those made meanwhile. */
export function claimTogether(send: SendClaims): (id: string, step: number) => Promise<boolean> {
  const lines = new Map<string, Line>();
  /** Ids whose first claim is still to be sent, the longest waiting first. */
  let ready: string[] = [];
  let batches = 0;
  let isScheduled = false;

  /** The next batch: the first claim of each ready id. */
  function take(): Waiting[] {
    const ids: string[] = [];
    for (const id of ready) {
      const isLong = id.length > MAX_TOGETHER_LENGTH;
      if (ids.length === MAX_CLAIMS || (isLong && ids.length > 0)) break;
      ids.push(id);
      if (isLong) break;
    }
    ready = ready.slice(ids.length);
    // All servers lock rows in this one order, so two batches cannot wait for each other.
    return ids.sort().map((id) => (lines.get(id) as Line).first);
  }

  function flush(): void {
    isScheduled = false;
    while (batches < MAX_BATCHES && ready.length > 0) void decide(take());
  }

  async function decide(claims: readonly Waiting[]): Promise<void> {
    batches += 1;
    try {
      const granted = await send(claims);
      for (const claim of claims) claim.resolve(granted.has(claim.id));
      for (const claim of claims) advance(claim, true);
    } catch (error) {
      // The outcome is unknown: each caller is told, and later claims ask anew.
      for (const claim of claims) claim.reject(error);
      for (const claim of claims) advance(claim, false);
    }
    batches -= 1;
    flush();
  }

  /** Makes the next claim of the id ready; a step at or below a decided one is used, so it is refused. */
  function advance({ id, step, next }: Waiting, isDecided: boolean): void {
    let first = next;
    while (isDecided && first !== undefined && first.step <= step) {
      first.resolve(false);
      first = first.next;
    }
    if (first === undefined) {
      lines.delete(id);
      return;
    }
    (lines.get(id) as Line).first = first;
    ready.push(id);
  }

  return (id, step) =>
    new Promise((resolve, reject) => {
      const waiting: Waiting = { id, step, resolve, reject, next: undefined };
      const line = lines.get(id);
      if (line !== undefined) {
        line.last.next = waiting;
        line.last = waiting;
        return;
      }
      lines.set(id, { first: waiting, last: waiting });
      ready.push(id);
      if (isScheduled || batches >= MAX_BATCHES) return;
      // At the end of this turn, so that claims made at once share a statement from the first on.
      isScheduled = true;
      void Promise.resolve().then(flush);
    });
}
