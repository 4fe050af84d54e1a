/**
 * Concurrent claims, sent together. A batch holds at most one claim of each id. The claims of one id
 * are decided in the order of their calls.
 *
 * Independent of any database: `send` decides a batch in one statement, so a batch succeeds or fails
 * as a whole.
 */

/** A pending claim of a step for an id. */
export interface Claim {
  readonly id: string;
  readonly step: number;
}

/** Decides a batch of claims with distinct ids, in ascending order; resolves to the granted ids. */
export type SendClaims = (claims: readonly Claim[]) => PromiseLike<ReadonlySet<string>>;

/** A claim with its waiting caller, linked to the next claim of the same id. */
interface Waiting extends Claim {
  readonly resolve: (isGranted: boolean) => void;
  readonly reject: (error: unknown) => void;
  next: Waiting | undefined;
}

/** The waiting claims of one id: the first is being decided, or is the next to be sent. */
interface Line {
  first: Waiting;
  last: Waiting;
}

/** A statement of 1,000 rows takes about 10 ms; more rows would make their callers wait longer. */
const MAX_CLAIMS = 1000;
/**
 * Concurrent statements. One to eight had the same throughput. With four, the others go on while one
 * waits for a lock, and most connections of a pool stay free.
 */
const MAX_BATCHES = 4;
/**
 * A longer id is sent alone, because an id too long for the database's index fails its whole batch:
 * PostgreSQL accepts 2,692 bytes, and a UTF-16 unit takes at most three.
 */
const MAX_TOGETHER_LENGTH = 800;

/** Makes a `claim` collecting the claims of one event-loop turn, and those made during a statement. */
export function claimTogether(send: SendClaims): (id: string, step: number) => Promise<boolean> {
  const lines = new Map<string, Line>();
  /** Ids with an unsent first claim, the longest waiting first. */
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
    // Every server locks rows in this order, so two batches cannot deadlock.
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
      // The outcome is unknown: each caller gets the error, and later claims ask the database again.
      for (const claim of claims) claim.reject(error);
      for (const claim of claims) advance(claim, false);
    }
    batches -= 1;
    flush();
  }

  /** Readies the id's next claim. A step at or below a decided one is used, so it is refused here. */
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
      // Sent at the end of this turn, so concurrent claims share a statement from the first on.
      isScheduled = true;
      void Promise.resolve().then(flush);
    });
}
