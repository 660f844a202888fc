import { type Batch, batchName } from '../../db/deliveries/batches.ts';
import type { SendBatch } from '../platform/jobs.ts';
import { withTimeLimit } from '../platform/time-limit.ts';

/**
 * Keeps the order of messages, and of their parts, at a phone among the batches that this process has under way: a batch
 * waits until those of earlier messages or parts, from its number to some of the same people, have gone to the carrier.
 * Between processes the claim looks, at messages.
 */
export type SendOrder = {
  /** To be called when a batch could be sent; `end` is to be called whatever becomes of it. `run`: of which it is one. */
  join(numberId: number, batch: Batch, run?: Run): Turn;
  /** Those that went to the carrier from here, and whose outcomes are still to be committed. */
  sent(): ReadonlySet<string>;
  /** A job or a run of this process has it. */
  isHere(name: string): boolean;
  /** A job of this process has it, and looks after it whatever comes. */
  hasJob(name: string): boolean;
};
/**
 * Batches of one group that this process has at once, in their order: they may be claimed together, and each waits for those
 * before it when it has its claim. `places`: of all, by name; jobs that have some of them too are no hindrance. `claimed`: the names
 * of those that have their claims; `brokenAt`: the place of the first that did not go, so those after it may not.
 */
export type Run = { places: ReadonlyMap<string, number>; claimed: Set<string>; brokenAt: number };
export function openRun(names: readonly string[]): Run {
  const places = new Map(names.map((name, place) => [name, place]));
  return { places, claimed: new Set(), brokenAt: Number.POSITIVE_INFINITY };
}

/**
 * `ahead`: how many are to go first; `come` resolves when all these have gone, but for those of its own run; `isClear`: once it is
 * claimed, whether these have, too, so soon that it can go by then (on performance.now()); `sent`: all of this batch is at the
 * carrier, so the next may go; `end`: its outcome is known to the database, or it did not go.
 */
export type Turn = {
  ahead: number;
  come: Promise<unknown>;
  isClear(sendBy: number): Promise<boolean>;
  sent(): void;
  end(): void;
};

export function openSendOrder(): SendOrder {
  const underWay = new Map<number, Set<UnderWay>>();
  // A run may have what a job has, too.
  const here = new Map<string, Set<UnderWay>>();

  return {
    join(numberId, batch, run) {
      const ofNumber = underWay.get(numberId) ?? new Set();
      underWay.set(numberId, ofNumber);
      const first = [...ofNumber].filter((other) => goesBefore(other.batch, batch));
      const own = first.filter((other) => run !== undefined && other.run === run);
      const strangers = first.filter((other) => !own.includes(other) && !run?.places.has(batchName(other.batch)));
      let goOn = () => {};
      const gone = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const mine: UnderWay = { batch, gone, run, isSent: false };
      const name = batchName(batch);
      ofNumber.add(mine);
      here.set(name, (here.get(name) ?? new Set()).add(mine));

      function leave(): void {
        goOn();
        ofNumber.delete(mine);
        if (ofNumber.size === 0 && underWay.get(numberId) === ofNumber) underWay.delete(numberId);
      }
      const come = Promise.all(strangers.map((other) => other.gone));
      return {
        ahead: first.length,
        come,
        async isClear(sendBy) {
          if (run === undefined) return true;
          const clear = Promise.all([come, ...own.map((other) => other.gone)]);
          return hasWay(clear, { run, place: run.places.get(name) ?? 0, sendBy });
        },
        sent() {
          mine.isSent = true;
          leave();
        },
        end() {
          // Before those behind it are let go.
          if (run !== undefined && !mine.isSent) run.brokenAt = Math.min(run.brokenAt, run.places.get(name) ?? 0);
          const same = here.get(name);
          same?.delete(mine);
          if (same?.size === 0) here.delete(name);
          leave();
        },
      };
    },
    sent: () => new Set([...here].flatMap(([name, all]) => ([...all].some(({ isSent }) => isSent) ? [name] : []))),
    isHere: (name) => here.has(name),
    hasJob: (name) => [...(here.get(name) ?? [])].some(({ run }) => run === undefined),
  };
}

type UnderWay = { batch: Batch; gone: Promise<void>; run: Run | undefined; isSent: boolean };

/** The order in which batches of a group go to a phone. */
export function bySendOrder(a: Pick<Batch, 'messageId' | 'part'>, b: Pick<Batch, 'messageId' | 'part'>): number {
  return a.messageId - b.messageId || a.part - b.part;
}

/** Of an earlier message, or an earlier part of the same one that another job has. */
function goesBefore(other: Batch, batch: Batch): boolean {
  return bySendOrder(other, batch) < 0 && other.to.some((personId) => batch.to.includes(personId));
}

/** The parts of a long text go to a phone one after the other. */
export function isPartBefore(earlier: SendBatch | undefined, { part, to }: SendBatch): boolean {
  return earlier?.part === part - 1 && earlier.to.some((personId) => to.includes(personId));
}

/** Whether all of its run that go before it have gone, in time for it to go by then, on performance.now(). */
async function hasWay(clear: Promise<unknown>, { run, place, sendBy }: { run: Run; place: number; sendBy: number }) {
  const cleared = clear.then(() => true);
  const restMs = Math.min(sendBy - TO_GO_MS - performance.now(), CLAIMED_AT_MOST_MS);
  const inTime = await withTimeLimit(Math.max(0, restMs), cleared, () => false);
  return inTime && place < run.brokenAt;
}
/** What goes out later than it may is tried again, behind what follows it. */
const TO_GO_MS = 500;
/** Of what has nobody left to send to. */
const CLAIMED_AT_MOST_MS = 2_000;
