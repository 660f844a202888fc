import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Otherwise } from '../../../dev/system/processes.ts';
import type { Fault } from '../fault.ts';
import type { Fixture } from '../fixture.ts';
import type { Previous } from '../previous.ts';

/** From the contract: a process ends within 10 s of SIGTERM. */
const STOP_WITHIN_MS = 10_000;

export const upgradeFaults: readonly Fault[] = [
  {
    name: 'upgrade',
    does: 'processes of the last release run on the new schema, the new ones beside them, back again, and then all new',
    times: 2,
    needs: 'previous',
    recoversWithinMs: 15_000,
    async strike(fixture, random, _mend, note) {
      const previous = await fixture.previous();
      note(`the last release is ${previous.commit}`);
      const { processes, front, features } = fixture;
      const both = processes.names().filter((name) => name.endsWith('.2'));
      const all = processes.names();
      const pause = () => sleep(random.between(4_000, 8_000));
      const before = { passed: front?.passed() ?? 0, refused: front?.refused.length ?? 0 };
      // The last release may not know all of the features.
      await features.hold(async () => {
        // The migrations are through, and nothing else is: what a deploy begins with.
        await roll(fixture, all, previous);
        await release(fixture, previous);
        await pause();
        // Half-way: each job may go to the one or the other.
        await roll(fixture, both, null);
        await pause();
        // Rolled back: the new ones stop, the old ones go on.
        await roll(fixture, both, previous);
        await pause();
        await roll(fixture, all, null);
      });
      await pause();
      const refused = front?.refused.slice(before.refused) ?? [];
      note(`${(front?.passed() ?? 0) - before.passed} requests through two web processes, ${refused.length} refused`);
      if (refused.length > 0) throw new Error(`refused while it rolled: ${refused.slice(0, 5).join('; ')}`);
    },
  },
];

/** One after the other, to the last release or to this one, as a platform does. */
async function roll({ processes, front }: Fixture, names: readonly string[], previous: Previous | null): Promise<void> {
  for (const name of names) {
    const [type = name] = name.split('.');
    const as: Otherwise = previous === null ? {} : { command: previous.command(type), env: front?.envOf(name) ?? {} };
    if (type === 'web') front?.leave(name);
    const { how, ms } = await processes.replace(name, 'SIGTERM', as);
    if (how !== 'code 0' || ms > STOP_WITHIN_MS)
      throw new Error(`${name} ended with ${how} after ${(ms / 1_000).toFixed(1)} s`);
    // To an old `web`, a newer schema is none of its business.
    if (type === 'web') await front?.join(name);
  }
  await processes.up();
}

/** A rolled-back deploy runs the release line of the last release, which has nothing to do and says so. */
async function release({ env }: Fixture, previous: Previous): Promise<void> {
  const child = spawn('/bin/sh', ['-c', `exec ${previous.release}`], { env, stdio: 'ignore' });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`the release line of ${previous.commit} ended with code ${code}`);
}
