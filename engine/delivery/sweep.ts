import { readClock } from '../../db/clock.ts';
import { DatabaseUnavailable, transact } from '../../db/connect.ts';
import { findPending, UNWRITTEN } from '../../db/deliveries/pending-messages.ts';
import { endGroup } from '../../db/groups/group-changes.ts';
import { findLapsed, lockGroup } from '../../db/groups/groups.ts';
import type { Runtime } from '../platform/runtime.ts';
import { stagedFor } from '../platform/staged-for.ts';
import { reapExpired } from './expired-leases.ts';
import { lineUpWaiting } from './line-up.ts';
import { reapGoneSenders } from './sender-lock.ts';
import { openStandstill } from './standstill.ts';

/**
 * Finds what should have happened by now, and makes it happen: the net under everything that was committed but not
 * queued, and what rebuilds the queues after Redis lost them. Any number of sweepers may run: each step is safe to
 * repeat. Returns what it found.
 */
export async function sweep(runtime: Runtime): Promise<Record<Step, number>> {
  const found = { unwritten: 0, waiting: 0, gone: 0, overdue: 0, lapsed: 0 };
  await runtime.use(openStandstill).look();
  for (const step of STEPS) found[step] = await take(runtime, step);
  return found;
}

type Step = (typeof STEPS)[number];
const STEPS = ['unwritten', 'waiting', 'gone', 'overdue', 'lapsed'] as const;
const steps: Record<Step, (runtime: Runtime) => Promise<number>> = {
  unwritten: queueUnwritten,
  waiting: lineUpWaiting,
  gone: reapGoneSenders,
  overdue: reapExpired,
  lapsed: endLapsed,
};

/** One step that fails stops no other, and says so once; throws where MySQL does not answer at all. */
async function take(runtime: Runtime, step: Step): Promise<number> {
  const state = runtime.use(openSweepState);
  try {
    const found = await steps[step](runtime);
    if (state.said.delete(step)) runtime.log.info({ step }, 'a step of the sweep works again');
    return found;
  } catch (err) {
    if (err instanceof DatabaseUnavailable) await readClock(runtime.db);
    // Of Redis there is one line for all that needs it.
    if (!state.said.has(step) && runtime.redis.status === 'ready') {
      state.said.add(step);
      runtime.log.error({ err, step }, 'a step of the sweep fails; the others go on');
    }
    return 0;
  }
}

/** What a sweeper remembers from one sweep to the next: the steps of which it said that they fail. */
function openSweepState(): { said: Set<Step> } {
  return { said: new Set() };
}

/** A message is fanned out within milliseconds; one that is still unwritten after this was not queued. */
const FAN_OUT_GRACE_MS = 2_000;
const PAGE = 500;

async function queueUnwritten(runtime: Runtime): Promise<number> {
  const ids = await findPending(runtime.db, {
    pending: UNWRITTEN,
    before: new Date(Date.now() - FAN_OUT_GRACE_MS),
    afterId: 0,
    limit: PAGE,
  });
  if (ids.length > 0) await runtime.queues.addFanOut(ids);
  return ids.length;
}

async function endLapsed(runtime: Runtime): Promise<number> {
  const now = await readClock(runtime.db);
  const groupIds = await findLapsed(runtime.db, stagedFor(runtime));
  for (const groupId of groupIds) {
    await transact(runtime.db, async (tx) => {
      // Its YES may have come just now.
      const group = await lockGroup(tx, groupId);
      if (group?.state === 'staged') await endGroup(tx, { groupId, now });
    });
  }
  return groupIds.length;
}
