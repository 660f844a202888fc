import { payerOf } from '../../db/billing/accounts.ts';
import { readClock } from '../../db/clock.ts';
import { type Tx, transact } from '../../db/connect.ts';
import { deleteBundles, findCalmed, findSettled } from '../../db/groups/busy.ts';
import { patchGroup, raiseVersion } from '../../db/groups/group-changes.ts';
import { lockGroup } from '../../db/groups/groups.ts';
import { findDueGroups } from '../../db/messages/owed.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';
import { CALM } from '../rules/heat.ts';
import { tellSome } from './owed-texts.ts';

/**
 * Tells members in one text for several what they are owed, each of them once: the texts are kept in the transaction that
 * takes what is owed away, and fanned out as messages are. Then busy groups that have calmed down are so no more. One group
 * that fails stops no other. Returns how many texts.
 */
export async function sendBundles(runtime: Runtime, at?: Date): Promise<number> {
  const now = at ?? (await readClock(runtime.db));
  let texts = 0;
  for (const groupId of await findDueGroups(runtime.db, now))
    texts += await tellGroup(runtime, groupId, now).catch((err: unknown) => {
      warnRarely(
        runtime.log,
        { err, group: groupId },
        'members of a group could not be told what they are owed; later',
      );
      return 0;
    });
  const since = new Date(now.getTime() - CALM.withinMs);
  for (const groupId of await findCalmed(runtime.db, { texts: CALM.texts, since })) await cool(runtime, groupId);
  for (const groupId of await findSettled(runtime.db)) await settle(runtime, groupId);
  return texts;
}

/** Page by page, so that no transaction keeps a large group locked for long. */
async function tellGroup(runtime: Runtime, groupId: number, now: Date): Promise<number> {
  let texts = 0;
  for (let pages = 0; pages < PAGES_AT_ONCE; pages++) {
    const told = await transact(runtime.db, async (tx) => {
      const group = await lockGroup(tx, groupId);
      if (group === undefined) return { ids: [], members: 0 };
      const payerId = await payerOf(tx, groupId);
      return tellSome(runtime, tx, { ...group, groupId, payerId, now });
    });
    // What is not queued now, the sweeper finds.
    if (told.ids.length > 0)
      await runtime.queues
        .addFanOut(told.ids)
        .catch((err: unknown) =>
          warnRarely(runtime.log, { err }, 'messages were kept but not queued; the sweeper will'),
        );
    texts += told.ids.length;
    if (told.members === 0) break;
  }
  return texts;
}
/** The next turn of the clock goes on. */
const PAGES_AT_ONCE = 40;

/** From the next roster on everybody gets each text at once; those who are owed something, with that. */
async function cool(runtime: Runtime, groupId: number): Promise<void> {
  await transact(runtime.db, (tx) => change(tx, groupId, { hot: false }));
  runtime.log.info({ group: groupId }, 'a group is busy no more');
}

/** Whether nothing is owed is looked at again under the group’s lock: then nobody can say anything meanwhile. */
async function settle(runtime: Runtime, groupId: number): Promise<void> {
  await transact(runtime.db, async (tx) => {
    await lockGroup(tx, groupId);
    if (!(await findSettled(tx, groupId)).includes(groupId)) return;
    await deleteBundles(tx, groupId);
    await change(tx, groupId, { bundling: false });
  });
}

async function change(tx: Tx, groupId: number, patch: { hot: false } | { bundling: false }): Promise<void> {
  await lockGroup(tx, groupId);
  await raiseVersion(tx, [groupId]);
  await patchGroup(tx, { groupId, patch });
}
