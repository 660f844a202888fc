import { readContents } from '../../db/deliveries/batch-contents.ts';
import { type Batch, batchName, dropUnclaimed, findNext } from '../../db/deliveries/batches.ts';
import { isPaced } from '../platform/config.ts';
import type { SendBatch, SendJob } from '../platform/jobs.ts';
import type { Runtime } from '../platform/runtime.ts';
import { splitDelivered } from '../rules/text.ts';
import type { HELD } from './circuit-breaker.ts';
import { LET_GO } from './claim-order.ts';
import { batchOf, jobOf, queueSends } from './queued-sends.ts';
import { bySendOrder, openRun, type Run } from './send-order.ts';

/**
 * Where many texts of a group have piled up, their jobs come in any order, and each but one waits for another: the group would
 * move by one text each time that all jobs have been looked at. So who has sent one sends the next of its group too, whosever jobs
 * have those, of this process too; the jobs find nothing any more. Several at once, which are claimed together and sent one after
 * the other: a long text with all of its parts, or not, as the parts of one are not to be claimed by two.
 */
export type NextBatches = {
  /** A job of this number had to wait for one that no process has, or for many. */
  notePile(numberId: number): void;
  /** Sends what follows in the group of what was sent, if jobs of its number had to wait so lately. Never fails: it has jobs of its own. */
  follow(sent: SendJob): Promise<void>;
  stop(): void;
};

/** What became of a batch. `done`: nothing is left to send of it. */
export type Ended = 'sent' | 'done' | 'late' | 'yields' | 'left' | typeof HELD | typeof LET_GO;
/** A batch, and what else a job says of it. */
type Next = { job: SendJob; batch: SendBatch };
type Delivering = { deliverBatch(job: SendJob, batch: SendBatch, run: Run | undefined): Promise<Ended> };

export function openNextBatches(runtime: Runtime, { deliverBatch }: Delivering): NextBatches {
  const until = new Map<number, number>();
  let isStopped = false;

  function isPiledUp(numberId: number): boolean {
    const end = until.get(numberId) ?? 0;
    if (end > performance.now()) return !isStopped;
    until.delete(numberId);
    return false;
  }
  async function nextOf({ messageId, numberId }: SendJob): Promise<Next[]> {
    const limit = isPaced(runtime.config) ? 1 : AT_ONCE;
    const found = await findNext(runtime.db, { messageId, numberId, limit });
    const contents = await readContents(runtime.db, found);
    await dropUnclaimed(
      runtime.db,
      contents.filter(({ to }) => to.length === 0),
    );
    const some = contents.filter(({ to }) => to.length > 0).toSorted(bySendOrder);
    const last = found.length < limit ? undefined : found.at(-1)?.messageId;
    const end = some.findIndex((one) => hasParts(one) && (one.messageId === last || !isAfterItsParts(one, some)));
    return (end < 0 ? some : some.filter((one) => one.messageId < (some[end]?.messageId ?? 0))).map((one) => {
      const { attempt, slotAt, text, media, batch: id, part, to } = one;
      const of = { messageId: one.messageId, numberId, attempt, urgent: false, slotAt, text, media };
      return { job: jobOf(runtime.config, of), batch: { id, part, afterMs: 0, to: [...to] } };
    });
  }

  return {
    notePile: (numberId) => void until.set(numberId, performance.now() + PILED_UP_MS),
    async follow(sent) {
      try {
        for (let last = sent; isPiledUp(sent.numberId); ) {
          const next = await nextOf(last);
          const run =
            next.length > 1 ? openRun(next.map(({ job, batch }) => batchName(batchOf(job, batch)))) : undefined;
          const ended = await Promise.allSettled(next.map(({ job, batch }) => deliverBatch(job, batch, run)));
          await queueLetGo(runtime, { next, ended });
          const failed = ended.find((one) => one.status === 'rejected');
          if (failed) throw failed.reason;
          const end = next.at(-1)?.job;
          if (end === undefined || !ended.every(isSent)) return;
          last = end;
        }
      } catch (err) {
        runtime.log.debug({ err }, 'what comes next of a group is left to its own job');
      }
    },
    stop() {
      isStopped = true;
    },
  };
}

/** They go one after the other while their claims are young. */
const AT_ONCE = 16;
/** Long enough for the jobs of a thousand texts to come by. */
const PILED_UP_MS = 10_000;

/** Its own job may have found it claimed. With all parts that were not sent: in one job they keep their order. */
async function queueLetGo(
  runtime: Runtime,
  { next, ended }: { next: readonly Next[]; ended: readonly How[] },
): Promise<void> {
  const unsent = next.filter((_, at) => !isSent(ended[at]));
  const letGo = next.filter((_, at) => isLetGo(ended[at]));
  const again = [...new Map(letGo.map(({ job }) => [job.messageId, job])).values()].map((job) => ({
    ...job,
    batches: unsent.filter((one) => one.job.messageId === job.messageId).map(({ batch }) => batch),
    againAt: Date.now(),
  }));
  if (again.length > 0) await queueSends(runtime, again);
}
type How = PromiseSettledResult<Ended>;
function isSent(how: How | undefined): boolean {
  return how?.status === 'fulfilled' && how.value === 'sent';
}
function isLetGo(how: How | undefined): boolean {
  return how?.status === 'fulfilled' && how.value === LET_GO;
}

function hasParts({ text }: { text: string }): boolean {
  return splitDelivered(text).length > 1;
}

/** All of its people get the part before it by one of these: a job that has them keeps their order, and so do claims of all at once. */
function isAfterItsParts({ messageId, part, to }: Batch, some: readonly Batch[]): boolean {
  if (part === 0) return true;
  const before = some.filter((other) => other.messageId === messageId && other.part === part - 1);
  const people = new Set(before.flatMap((other) => other.to));
  return to.every((personId) => people.has(personId));
}
