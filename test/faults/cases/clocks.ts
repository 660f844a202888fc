import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Fault } from '../fault.ts';
import type { Fixture } from '../fixture.ts';
import type { Random } from '../random.ts';

const HOUR_MS = 3_600_000;
const wrongClock = pathToFileURL(new URL('../wrong-clock.mjs', import.meta.url).pathname).href;

/** The environment of a process whose clock is wrong by so much, after a while. */
export function wrongBy(byMs: number, afterMs = 0): Record<string, string> {
  return {
    NODE_OPTIONS: `--import=${wrongClock}`,
    CLOCK_BY_MS: String(byMs),
    CLOCK_AFTER_MS: String(Math.round(afterMs)),
  };
}

const ways = [
  { way: 'ahead', byMs: HOUR_MS },
  { way: 'behind', byMs: -HOUR_MS },
] as const;
const processTypes = ['web', 'fanout', 'sender', 'clock'] as const;

/** A clock jumps by an hour while everybody works, and back. */
export const clockFaults: readonly Fault[] = ways.flatMap(({ way, byMs }) => [
  ...processTypes.map(
    (type): Fault => ({
      name: `clock-${way}-${type}`,
      does: `the clock of one ${type} process, or of each, jumps an hour ${way}`,
      times: 2,
      strike: (fixture, random) => {
        const names = fixture.processes.names(type);
        return jump(fixture, { names: random.next() < 0.5 ? names : [random.pick(names)], byMs, random });
      },
    }),
  ),
  {
    name: `clock-${way}-all`,
    does: `the clock of every process jumps an hour ${way} of those of MySQL and Redis`,
    times: 2,
    strike: (fixture, random) => jump(fixture, { names: fixture.processes.names(), byMs, random }),
  },
  {
    name: `clock-${way}-redis`,
    does: `the clock of Redis jumps an hour ${way} (needs a compiler of C)`,
    times: 2,
    needs: 'clock',
    async strike({ redisClock }, random) {
      redisClock?.set(byMs);
      await sleep(random.between(4_000, 6_000));
      redisClock?.set(0);
    },
  },
]);

async function jump(
  { processes, ready }: Fixture,
  { names, byMs, random }: { names: readonly string[]; byMs: number; random: Random },
): Promise<void> {
  for (const env of [wrongBy(byMs, random.between(1_500, 2_500)), {}]) {
    await Promise.all(names.map((name) => processes.replace(name, 'SIGTERM', { env })));
    await ready();
    await sleep(random.between(4_000, 6_000));
  }
}
