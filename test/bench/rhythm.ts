import { setTimeout as sleep } from 'node:timers/promises';
import type { Posted, Rhythm } from './poster.ts';

/** Does a work `count` times in that rhythm; the work returns whether it went well, and one that throws did not. */
export async function timed(count: number, rhythm: Rhythm, work: (at: number) => Promise<boolean>): Promise<Posted> {
  const beganAt: number[] = [];
  const answersMs: number[] = [];
  let refused = 0;
  const start = performance.now();
  async function one(at: number): Promise<void> {
    const began = performance.now();
    beganAt[at] = performance.timeOrigin + began;
    if (!(await work(at).catch(() => false))) refused++;
    answersMs[at] = performance.now() - began;
  }
  if ('atOnce' in rhythm) {
    let next = 0;
    const goOn = async () => {
      while (next < count) await one(next++);
    };
    await Promise.all(Array.from({ length: rhythm.atOnce }, goOn));
  } else {
    const under: Promise<void>[] = [];
    for (let at = 0; at < count; at++) {
      const wait = start + at * rhythm.everyMs - performance.now();
      if (wait > 0) await sleep(wait);
      under.push(one(at));
    }
    await Promise.all(under);
  }
  return { ms: performance.now() - start, beganAt, answersMs, refused };
}
