import { setTimeout as sleep } from 'node:timers/promises';
import type { Fixture } from './fixture.ts';
import type { Random } from './random.ts';

/** Of which processes one is killed at random; one that is named twice twice as often. */
type Types = readonly ('web' | 'fanout' | 'sender' | 'clock')[];

/**
 * Kills one process after the other until `isOver`, and lets them work between two kills for about as long as one needs to start
 * on this machine, at least half a second. Returns how many were killed.
 */
export async function killOften(
  { processes, ready }: Fixture,
  random: Random,
  { types, isOver }: { types: Types; isOver: () => boolean },
): Promise<number> {
  let kills = 0;
  let startMs = 0;
  while (!isOver()) {
    await sleep(random.between(0.5, 2) * Math.max(1_000, startMs));
    if (isOver()) break;
    const type = random.pick(types);
    const began = performance.now();
    await processes.replace(random.pick(processes.names(type)), 'SIGKILL');
    if (type === 'web') {
      await ready();
      startMs = performance.now() - began;
    }
    kills += 1;
  }
  return kills;
}
