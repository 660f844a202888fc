import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { DatabaseUnavailable } from './errors.ts';

/**
 * A call that is answered within a time limit, and whose answer is to be true: what is refused for being late has not
 * happened. Every transaction of the call asks `refuseLate` right before its COMMIT; when the time is over, `giveUp` is
 * asked before the answer, after which nothing can be committed.
 */
export type Request = {
  /** The caller may be told that nothing happened. False while something is being committed, or has been. */
  giveUp(): boolean;
  /** The answer is on its way: what still runs for this call has no time limit. */
  answered(): void;
  /** Throws `TooLate` where the call was given up or is about to be. */
  refuseLate(): void;
  /** From here on the call is not given up until `committed` says what became of it. */
  committing(): void;
  committed(happened: boolean): void;
  /** Names the next commit of this call in the table of done calls. */
  takeName(): CallName;
  /** Gives the next commit a name of the client's own, so that the same call is not done again. */
  nameNext(name: CallName): void;
};

/** `answer`: what a repeat is told; null where nobody can repeat it. */
export type CallName = { token: Buffer; answer: string | null };

/** The time of the call was over before its COMMIT; nothing was changed. */
export class TooLate extends DatabaseUnavailable {
  override name = 'TooLate';
}

export function openRequest(ms: number): Request {
  const until = performance.now() + ms;
  let given = false;
  let underWay = 0;
  let done = 0;
  let named: CallName | null = null;
  return {
    giveUp() {
      if (underWay > 0 || done > 0) return false;
      given = true;
      return true;
    },
    answered() {
      done += 1;
    },
    refuseLate() {
      if (given || (done === 0 && performance.now() > until)) throw new TooLate('the time of the call is over');
    },
    committing() {
      underWay += 1;
    },
    committed(happened) {
      underWay -= 1;
      if (!happened) return;
      done += 1;
      named = null;
    },
    takeName: () => named ?? { token: randomBytes(TOKEN_BYTES), answer: null },
    nameNext(name) {
      named = name;
    },
  };
}

const TOKEN_BYTES = 16;

/** Does work for a call; whatever it awaits knows the call. */
export function inRequest<T>(request: Request, work: () => Promise<T>): Promise<T> {
  return calls.run([request], work);
}

/** Does work for several calls at once: it is committed for all of them or for none. */
export function inRequests<T>(requests: readonly Request[], work: () => Promise<T>): Promise<T> {
  // A process without calls never begins to follow promises, which costs it some 5 % of its CPU.
  return requests.length === 0 && calls.getStore() === undefined ? work() : calls.run(requests, work);
}

/** The calls that the running code works for; none in workers. */
export function currentRequests(): readonly Request[] {
  return calls.getStore() ?? [];
}

const calls = new AsyncLocalStorage<readonly Request[]>();
