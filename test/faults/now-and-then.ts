import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.ts';

/** Does something `rate` times a second, at random moments, whether it is done with what came before or not; the end waits for all of it. */
export function nowAndThen(
  { random, rate }: { random: Random; rate: number },
  work: () => Promise<unknown>,
): () => Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  let stopped = false;
  async function goOn(): Promise<void> {
    while (!stopped) {
      await sleep(random.between(0.2, 1.8) * (1000 / rate));
      const one = work().finally(() => underWay.delete(one));
      underWay.add(one);
    }
  }
  const going = goOn();
  return async () => {
    stopped = true;
    await going;
    await Promise.all(underWay);
  };
}
