import { setTimeout as sleep } from 'node:timers/promises';
import type { Env } from '../../../dev/system/processes.ts';
import type { Fault } from '../fault.ts';
import type { Fixture } from '../fixture.ts';

/** What a setting becomes, step by step, before it is again what it was; with sending limits, and without. */
const changes: readonly { name: string; does: string; steps: Record<'paced' | 'free', readonly Env[]> }[] = [
  {
    name: 'number-pace',
    does: 'NUMBER_MPS goes up and down',
    steps: {
      paced: [{ NUMBER_MPS: '3' }, { NUMBER_MPS: '1.5' }],
      // The largest group takes two seconds of them: what takes longer does so because of the change.
      free: [{ NUMBER_MPS: '100' }, { NUMBER_MPS: '200' }, { NUMBER_MPS: '50' }],
    },
  },
  {
    name: 'account-pace',
    does: 'ACCOUNT_MPS goes up and down',
    steps: {
      paced: [{ ACCOUNT_MPS: '100' }, { ACCOUNT_MPS: '20' }],
      free: [{ ACCOUNT_MPS: '200' }, { ACCOUNT_MPS: '400' }, { ACCOUNT_MPS: '100' }],
    },
  },
  {
    name: 'shards',
    does: 'QUEUE_SHARDS goes up and down',
    steps: {
      paced: [{ QUEUE_SHARDS: '4' }, { QUEUE_SHARDS: '2' }],
      free: [{ QUEUE_SHARDS: '4' }, { QUEUE_SHARDS: '2' }],
    },
  },
  {
    name: 'turn-shards',
    does: 'TURN_SHARDS goes up and down',
    steps: {
      paced: [{ TURN_SHARDS: '4' }, { TURN_SHARDS: '3' }],
      free: [{ TURN_SHARDS: '4' }, { TURN_SHARDS: '3' }],
    },
  },
  {
    name: 'horizon',
    does: 'HORIZON_SECONDS goes up and down',
    steps: {
      paced: [{ HORIZON_SECONDS: '20' }, { HORIZON_SECONDS: '1' }],
      free: [{ HORIZON_SECONDS: '20', NUMBER_MPS: '20' }],
    },
  },
  {
    name: 'pool',
    does: 'numbers leave NUMBER_POOL and come back',
    steps: { paced: [{ NUMBER_POOL: '+12025559901' }], free: [{ NUMBER_POOL: '+12025559901' }] },
  },
];

/** A deploy with other settings, in two halves: for a while both are at work. */
export const settingsFaults: readonly Fault[] = changes.map(({ name, does, steps }) => ({
  name: `settings-${name}`,
  does,
  times: 2,
  recoversWithinMs: 15_000,
  async strike(fixture, random) {
    for (const env of [...steps[fixture.paced ? 'paced' : 'free'], {}]) {
      await deploy(fixture, env);
      await sleep(random.between(2_000, 4_000));
    }
  },
}));

async function deploy({ processes, ready }: Fixture, env: Env): Promise<void> {
  const seconds = processes.names().filter((name) => name.endsWith('.2'));
  const firsts = processes.names().filter((name) => !seconds.includes(name));
  for (const half of [firsts, seconds]) {
    await Promise.all(half.map((name) => processes.replace(name, 'SIGTERM', { env })));
    await ready();
  }
}
