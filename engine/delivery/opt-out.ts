import type { Tx } from '../../db/connect.ts';
import { turnOff } from '../../db/deliveries/reachability.ts';
import { raiseVersion } from '../../db/groups/group-changes.ts';
import { groupIdsOf, ownerOf, ownersAround } from '../../db/groups/group-owners.ts';
import { texts } from '../rules/texts.ts';
import type { SystemMessage } from './system-messages.ts';

/** A block is part of every roster that the person is in: each gets a new version. */
export async function raiseRostersOf(tx: Tx, personId: number): Promise<void> {
  const groupIds = await groupIdsOf(tx, personId);
  if (groupIds.length > 0) await raiseVersion(tx, groupIds);
}

/** Tells each owner of their groups once, so that nobody vanishes unnoticed. */
export async function optOutMessages(tx: Tx, personId: number): Promise<SystemMessage[]> {
  const told = new Set<number>();
  const messages: SystemMessage[] = [];
  for (const { owner, groupId, group, who } of await ownersAround(tx, personId)) {
    if (told.has(owner.personId)) continue;
    told.add(owner.personId);
    messages.push({ groupId, text: texts.memberStopped({ who, group }), to: [owner], urgent: false });
  }
  return messages;
}

/** A phone that cannot be reached gets nothing more in this group; its owner is told. */
export async function silence(
  tx: Tx,
  { membershipId, groupId }: { membershipId: number; groupId: number },
): Promise<SystemMessage[]> {
  await turnOff(tx, membershipId);
  await raiseVersion(tx, [groupId]);
  const around = await ownerOf(tx, membershipId);
  if (around === undefined) return [];
  const { who, group, owner } = around;
  return [{ groupId, text: texts.memberUnreachable({ who, group }), to: [owner], urgent: false }];
}
