import { LRUCache } from 'lru-cache';
import { transact } from '../../db/connect.ts';
import { isCold } from '../../db/groups/busy.ts';
import { patchGroup, raiseVersion } from '../../db/groups/group-changes.ts';
import { lockGroup } from '../../db/groups/groups.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';
import { feel, type Pulse } from '../rules/heat.ts';
import type { Planned } from './planned-message.ts';

/**
 * Sees which groups become busy, by the messages that were fanned out here, and makes them so from their next roster on.
 * It asks nobody: the ids of a group’s messages count those that others have fanned out. Best effort: the next text of a
 * group that is still busy sees it again.
 */
export async function watchHeat(
  runtime: Runtime,
  planned: readonly Pick<Planned, 'message' | 'batches'>[],
): Promise<void> {
  const pulses = runtime.use(openPulses);
  const busy = new Set<number>();
  for (const { message, batches } of planned) {
    const { groupId, messageId, acceptedAt } = message;
    if (!batches || messageId === null) continue;
    const felt = feel(pulses.get(groupId) ?? [], { messageId, at: acceptedAt.getTime() });
    pulses.set(groupId, felt.pulse);
    if (felt.busy) busy.add(groupId);
  }
  for (const groupId of busy)
    await heat(runtime, groupId).catch((err: unknown) =>
      warnRarely(runtime.log, { err, group: groupId }, 'a group is busy and could not be made so; its next text will'),
    );
}

/** Of groups that want it and are not busy yet; some MB. */
function openPulses(): LRUCache<number, Pulse> {
  return new LRUCache({ max: 5_000 });
}

async function heat(runtime: Runtime, groupId: number): Promise<void> {
  const isHot = await transact(runtime.db, async (tx) => {
    await lockGroup(tx, groupId);
    if (!(await isCold(tx, groupId))) return false;
    await raiseVersion(tx, [groupId]);
    await patchGroup(tx, { groupId, patch: { hot: true, bundling: true } });
    return true;
  });
  if (isHot) runtime.log.info({ group: groupId }, 'a group is busy: who only reads gets one text for several');
}
