import { readContents } from '../../db/deliveries/batch-contents.ts';
import { batchName, findNext } from '../../db/deliveries/batches.ts';
import type { SendBatch, SendJob } from '../platform/jobs.ts';
import type { Runtime } from '../platform/runtime.ts';
import { splitDelivered } from '../rules/text.ts';
import { jobOf } from './queued-sends.ts';

/**
 * Where many texts of a group have piled up, their jobs come in any order, and each but one waits for another: the group would
 * move by one text each time that all jobs have been looked at. So who has sent one sends the next of its group too, whosever job
 * has that; the job finds nothing any more.
 */
export type NextBatches = {
  /** A job of this number had to wait for one that no process has. */
  noteStranded(numberId: number): void;
  /** Sends what follows in the group of what was sent, if jobs of its number had to wait so lately. Never fails: it has jobs of its own. */
  follow(sent: SendJob): Promise<void>;
  stop(): void;
};

type Delivering = { deliverBatch(job: SendJob, batch: SendBatch): Promise<unknown>; isHere(name: string): boolean };

export function openNextBatches(runtime: Runtime, { deliverBatch, isHere }: Delivering): NextBatches {
  const until = new Map<number, number>();
  let isStopped = false;

  function isPiledUp(numberId: number): boolean {
    const end = until.get(numberId) ?? 0;
    if (end > performance.now()) return !isStopped;
    until.delete(numberId);
    return false;
  }
  async function nextOf({ messageId, numberId }: SendJob): Promise<SendJob | null> {
    const next = await findNext(runtime.db, { messageId, numberId });
    if (next === undefined || isHere(batchName(next))) return null;
    // The parts of a long text are in one job, which keeps their order.
    if (splitDelivered(next.text).length > 1) return null;
    const [{ batch: id = 0, part = 0, attempt = 1, to = [] } = {}] = await readContents(runtime.db, [next]);
    if (to.length === 0) return null;
    const { slotAt, text, media } = next;
    const job = jobOf(runtime.config, {
      messageId: next.messageId,
      numberId,
      attempt,
      urgent: false,
      slotAt,
      text,
      media,
    });
    return { ...job, batches: [{ id, part, afterMs: 0, to: [...to] }] };
  }
  return {
    noteStranded: (numberId) => void until.set(numberId, performance.now() + PILED_UP_MS),
    async follow(sent) {
      try {
        for (let last = sent; isPiledUp(sent.numberId); ) {
          const next = await nextOf(last);
          const [batch] = next?.batches ?? [];
          if (next === null || batch === undefined || (await deliverBatch(next, batch)) !== 'sent') return;
          last = next;
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

/** Long enough for the jobs of a thousand texts to come by. */
const PILED_UP_MS = 10_000;
