import { type Batch, type BatchKey, batchName, releaseClaims } from '../../db/deliveries/batches.ts';
import type { Runtime } from '../platform/runtime.ts';

/**
 * Claims of this process that MySQL did not answer: where one holds, nobody else can send the batch, and nothing of it was sent
 * from here. All are given back when MySQL answers again, so that the texts behind them do not wait until the sweeper finds out.
 */
export type DoubtfulClaims = {
  add(batches: readonly (Batch & { claim: string })[]): void;
  /** Those of these that are doubtful, at once: before they are claimed again. */
  giveBack(batches: readonly BatchKey[]): Promise<void>;
};

export function openDoubtfulClaims({ db }: Pick<Runtime, 'db'>): DoubtfulClaims {
  const doubtful = new Map<string, Batch & { claim: string; until: number }>();
  let timer: NodeJS.Timeout | undefined;

  async function release(some: readonly (Batch & { claim: string })[]): Promise<void> {
    if (some.length === 0) return;
    await releaseClaims(db, some);
    for (const one of some) if (doubtful.get(batchName(one))?.claim === one.claim) doubtful.delete(batchName(one));
  }

  function releaseSoon(): void {
    if (timer !== undefined || doubtful.size === 0) return;
    timer = setTimeout(async () => {
      for (const [name, { until }] of doubtful) if (until < performance.now()) doubtful.delete(name);
      await release([...doubtful.values()].slice(0, AT_ONCE)).catch(() => undefined);
      timer = undefined;
      releaseSoon();
    }, SOON_MS);
    timer.unref();
  }

  return {
    add(batches) {
      const until = performance.now() + PATIENT_MS;
      for (const one of batches) doubtful.set(batchName(one), { ...one, until });
      releaseSoon();
    },
    giveBack: (batches) => release(batches.flatMap((batch) => doubtful.get(batchName(batch)) ?? [])),
  };
}

const SOON_MS = 500;
const AT_ONCE = 500;
/** By then the sweeper has settled them. */
const PATIENT_MS = 60_000;
