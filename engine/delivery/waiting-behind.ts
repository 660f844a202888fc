import { setTimeout as sleep } from 'node:timers/promises';
import { type Batch, batchName } from '../../db/deliveries/batches.ts';
import { BEHIND, GONE, lookAfterMs, STRANDED } from './claim-order.ts';
import type { Claims } from './claims.ts';

/** Batches that wait for others which are to go first. Nothing of the limits is used up by waiting. */
export type WaitingBehind = {
  /**
   * Returns what became of it: null when it is the first of those that wait; 'done' where nothing of it is left to claim; 'yields' where
   * those that go first have no place at all, with all places taken by such as this. `since`: when its job came, on performance.now(); `seen`: what a claim has said of it.
   * Rejects when the process stops: the job goes back to its queue.
   */
  until(of: { batch: Batch; numberId: number; since: number }, seen?: Seen): Promise<'yields' | 'done' | null>;
};
type Seen = typeof BEHIND | typeof STRANDED;

export function openWaitingBehind(
  claims: Pick<Claims, 'add'>,
  { signal, onStranded }: { signal: AbortSignal; onStranded: (numberId: number) => void },
): WaitingBehind {
  const stranded = new Set<string>();
  return {
    async until({ batch, numberId, since }, known) {
      const name = batchName(batch);
      const look = () => claims.add({ ...batch, looks: true, sendAt: performance.now() });
      try {
        let seen = known ?? (await look());
        for (let looks = 0; seen === BEHIND || seen === STRANDED; looks++) {
          if (seen === STRANDED) {
            stranded.add(name);
            onStranded(numberId);
            if (stranded.size > STRANDED_AT_MOST || performance.now() > since + PATIENT_MS) return 'yields';
          }
          await sleep(lookAfterMs(looks), undefined, { signal });
          seen = await look();
        }
        return seen === GONE ? 'done' : null;
      } finally {
        stranded.delete(name);
      }
    },
  };
}

/** Those that go first may be about to be taken from the queue. */
const PATIENT_MS = 1_000;
/** Where more wait for such, those may be behind these in the queue. */
const STRANDED_AT_MOST = 32;
