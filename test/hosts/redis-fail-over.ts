import { setTimeout as sleep } from 'node:timers/promises';
import { type HostFault, needed, type On } from './fault.ts';
import { REDIS_HOSTS } from './plan.ts';

/** The master of Redis dies, and Sentinels make its replica the master. Each strikes twice, and so ends where it began. */
export const redisFailOvers: readonly HostFault[] = [
  {
    name: 'fail-over-redis',
    does: 'kill -9 of the master of Redis; Sentinels make its replica the master',
    times: 2,
    only: 'sentinel',
    unavailable: 'maybe',
    strike: (on, mend) => failOver(on, { mend, behindMs: 0 }),
  },
  {
    name: 'fail-over-redis-behind',
    does: 'the same, when the replica has heard nothing for the last second, and so has lost it',
    times: 2,
    only: 'sentinel',
    unavailable: 'maybe',
    strike: (on, mend) => failOver(on, { mend, behindMs: BEHIND_MS }),
  },
];
const BEHIND_MS = 1_200;

/** The processes are on their own as soon as there is a replica that can become the master. */
async function failOver(
  { sentinels: watched, network, fixture }: On,
  { mend, behindMs }: { mend: () => void; behindMs: number },
): Promise<void> {
  const sentinels = needed(watched);
  const replica = needed(REDIS_HOSTS[(await sentinels.places()).replica]);
  if (behindMs > 0) network.part([replica]);
  await sleep(behindMs);
  await sentinels.killMaster();
  if (behindMs > 0) network.join([replica]);
  mend();
  await sleep(fixture.seconds * 1_000);
  await sentinels.rebuild();
}
