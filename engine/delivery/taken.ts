import { transact } from '../../db/connect.ts';
import { type BatchKey, endBatches } from '../../db/deliveries/batches.ts';
import { type Batcher, batched } from '../platform/batch.ts';
import { countEvents } from '../platform/events.ts';
import type { Runtime } from '../platform/runtime.ts';
import { type Fee, settleFees } from './fees.ts';
import type { Heard, Progressing } from './outcome.ts';
import { writeTaken } from './plain-news.ts';

/** First tries of a batch that the carrier took. `cost`: of one; `ends`: each of the batch's others has its outcome. */
export type Taken = BatchKey & {
  part: number;
  cost: number;
  texts: { personId: number; carrierId: string }[];
  ends: boolean;
};
type Text = { messageId: number; personId: number; part: number; carrierId: string; cost: number };

/**
 * Writes what was taken of many batches in one transaction. `tell` answers when that is committed. What a report was
 * faster for is told one by one, as any other news.
 */
export function openTaken(runtime: Runtime, { tell }: Progressing): Batcher<Taken, void> {
  return batched({
    max: BATCHES_AT_ONCE,
    lingerMs: 10,
    // One after the other: what comes meanwhile makes the next one larger, and large ones are cheap.
    parallel: 1,
    async flush(batches) {
      const texts = batches.flatMap(textsOf);
      const now = new Date();
      const written = await transact(runtime.db, async (tx) => {
        const done = await writeTaken(tx, texts, now);
        await settleFees(tx, done.map(feeOf), now);
        await endBatches(
          tx,
          batches.filter(({ ends }) => ends),
        );
        return done;
      });
      countEvents(runtime, { sent: written.length });
      if (written.length < texts.length) {
        const known = new Set(written);
        await Promise.all(texts.filter((text) => !known.has(text)).map((text) => tell(asHeard(text))));
      }
      return batches.map(() => undefined);
    },
  });
}
const BATCHES_AT_ONCE = 32;

function textsOf({ messageId, part, cost, texts }: Taken): Text[] {
  return texts.map(({ personId, carrierId }) => ({ messageId, personId, part, carrierId, cost }));
}

function feeOf({ messageId, cost }: Text): Fee {
  return { messageId, amount: cost };
}

function asHeard({ carrierId, cost, ...key }: Text): Heard {
  const news = { kind: 'outcome', attempt: 1, verdict: 'accepted' } as const;
  return { of: { ...key, attempt: 1 }, news, carrierId, fresh: { cost } };
}
