import { readContents } from '../../db/deliveries/batch-contents.ts';
import { type Batch, batchName, dropUnclaimed, findNext } from '../../db/deliveries/batches.ts';
import { isPaced } from '../platform/config.ts';
import type { SendBatch, SendJob } from '../platform/jobs.ts';
import type { Runtime } from '../platform/runtime.ts';
import { splitDelivered } from '../rules/text.ts';
import type { HELD } from './circuit-breaker.ts';
import { LET_GO } from './claim-order.ts';
import { batchOf, jobOf, queueSends } from './queued-sends.ts';
import { openRun, type Run } from './send-order.ts';

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
  async function nextOf({ messageId, numberId }: SendJob): Promise<SendJob[]> {
    const limit = isPaced(runtime.config) ? 1 : AT_ONCE;
    const found = await findNext(runtime.db, { messageId, numberId, limit });
    const contents = await readContents(runtime.db, found);
    await dropUnclaimed(
      runtime.db,
      contents.filter(({ to }) => to.length === 0),
    );
    const some = contents
      .filter(({ to }) => to.length > 0)
      .toSorted((a, b) => a.messageId - b.messageId || a.part - b.part);
    const last = found.length < limit ? undefined : found.at(-1)?.messageId;
    const end = some.findIndex((one) => hasParts(one) && (one.messageId === last || !isAfterItsParts(one, some)));
    return (end < 0 ? some : some.filter((one) => one.messageId < (some[end]?.messageId ?? 0))).map((one) => {
      const { attempt, slotAt, text, media, batch: id, part, to } = one;
      const of = { messageId: one.messageId, numberId, attempt, urgent: false, slotAt, text, media };
      return { ...jobOf(runtime.config, of), batches: [{ id, part, afterMs: 0, to: [...to] }] };
    });
  }

  return {
    notePile: (numberId) => void until.set(numberId, performance.now() + PILED_UP_MS),
    async follow(sent) {
      try {
        for (let last = sent; isPiledUp(sent.numberId); ) {
          const next = await nextOf(last);
          const names = next.flatMap((job) => job.batches.map((batch) => batchName(batchOf(job, batch))));
          const run = names.length > 1 ? openRun(names) : undefined;
          const ended = await Promise.all(
            next.map(async (job) => ({
              job,
              how: await Promise.allSettled(job.batches.map((one) => deliverBatch(job, one, run))),
            })),
          );
          await queueLetGo(runtime, ended);
          const all = ended.flatMap(({ how }) => how);
          const failed = all.find((one) => one.status === 'rejected');
          if (failed) throw failed.reason;
          const end = next.at(-1);
          if (end === undefined || !all.every(isSent)) return;
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
async function queueLetGo(runtime: Runtime, ended: readonly { job: SendJob; how: How[] }[]): Promise<void> {
  const isLetGo = (how: How) => how.status === 'fulfilled' && how.value === LET_GO;
  const messages = new Set(ended.filter(({ how }) => how.some(isLetGo)).map(({ job }) => job.messageId));
  const again = [...messages].flatMap((messageId) => {
    const left = ended.filter(({ job, how }) => job.messageId === messageId && !how.every(isSent));
    const [first] = left;
    return first === undefined
      ? []
      : [{ ...first.job, batches: left.flatMap(({ job }) => job.batches), againAt: Date.now() }];
  });
  if (again.length > 0) await queueSends(runtime, again);
}
type How = PromiseSettledResult<Ended>;
function isSent(how: How): boolean {
  return how.status === 'fulfilled' && how.value === 'sent';
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
