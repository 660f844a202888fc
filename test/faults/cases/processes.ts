import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import type { Fixture } from '../fixture.ts';

const types = ['web', 'fanout', 'sender', 'clock'] as const;

/** From the contract: a process ends within 10 s of SIGTERM. */
const STOP_WITHIN_MS = 10_000;

export const processFaults: readonly Fault[] = [
  ...types.map(
    (type): Fault => ({
      name: `kill-${type}`,
      does: `kill -9 of a ${type} process`,
      times: 25,
      async strike(fixture, random) {
        await fixture.processes.replace(random.pick(fixture.processes.names(type)), 'SIGKILL');
        if (type === 'web') await fixture.ready();
      },
    }),
  ),
  {
    name: 'kill-all',
    does: 'kill -9 of every process at once',
    times: 5,
    async strike({ processes, ready }) {
      await Promise.all(processes.names().map((name) => processes.replace(name, 'SIGKILL')));
      await ready();
    },
  },
  {
    name: 'restart',
    does: 'SIGTERM to every process, one after the other, as a deploy does',
    times: 5,
    async strike(fixture) {
      for (const name of fixture.processes.names()) await restart(fixture, name);
    },
  },
  ...(['redis', 'database'] as const).map(
    (server): Fault => ({
      name: `stop-without-${server === 'redis' ? 'redis' : 'mysql'}`,
      does: `SIGTERM to every process while ${server === 'redis' ? 'Redis' : 'MySQL'} stands still`,
      times: 2,
      async strike(fixture, random) {
        await fixture[server].kill('SIGSTOP');
        await sleep(random.between(200, 1_500));
        const ended = await Promise.all(
          fixture.processes.names().map((name) => fixture.processes.replace(name, 'SIGTERM')),
        );
        await fixture[server].kill('SIGCONT');
        await fixture.ready();
        for (const { name, how, ms } of ended) refuseSlow(name, how, ms);
      },
    }),
  ),
  ...types.map(
    (type): Fault => ({
      name: `freeze-${type}`,
      does: `a ${type} process stands still for longer than its jobs are its own, then goes on`,
      times: 2,
      ...(type === 'web' ? { unavailable: 'web' } : {}),
      async strike({ processes }, random) {
        const name = random.pick(processes.names(type));
        processes.signal(name, 'SIGSTOP');
        await sleep(random.between(16_000, 22_000));
        processes.signal(name, 'SIGCONT');
      },
    }),
  ),
];

async function restart({ processes, ready }: Fixture, name: string): Promise<void> {
  const { how, ms } = await processes.replace(name, 'SIGTERM');
  refuseSlow(name, how, ms);
  if (name.startsWith('web')) await ready();
}

function refuseSlow(name: string, how: string, ms: number): void {
  if (how !== 'code 0' || ms > STOP_WITHIN_MS)
    throw new Error(`${name} ended with ${how} after ${(ms / 1000).toFixed(1)} s`);
}
