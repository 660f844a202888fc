import type { Tx } from '../../db/connect.ts';
import { turnOff } from '../../db/deliveries/reachability.ts';
import { raiseVersion } from '../../db/groups/group-changes.ts';
import { groupIdsOf, ownerOf, ownersAround } from '../../db/groups/group-owners.ts';
import { addCarrierBlock, isBlocked, setBlocked } from '../../db/people/blocks.ts';
import { insertConsents } from '../../db/people/consents.ts';
import { texts } from '../rules/texts.ts';
import { endAwaitingOf } from './awaiting.ts';
import type { SystemMessage } from './system-messages.ts';

/**
 * The carrier refuses texts of a number to a phone because of a STOP. From a toll-free number that concerns the pair
 * alone; from any other it counts as a STOP to all our numbers. Returns what the owners concerned are told.
 */
export async function recordOptOut(
  tx: Tx,
  { personId, numberId }: { personId: number; numberId: number },
  now: Date,
): Promise<SystemMessage[]> {
  const isKnown = await isBlocked(tx, personId);
  const { scope, isNew } = await addCarrierBlock(tx, { personId, numberId, now });
  if (isKnown || !isNew) return [];
  if (scope === 'campaign') await setBlocked(tx, { personId, at: now });
  const told = { kind: 'stop', about: 'texts', way: 'carrier', wording: null, asked: null, carrierId: null } as const;
  const only = scope === 'pair' ? numberId : null;
  await insertConsents(tx, [{ ...told, personId, byId: personId, groupId: null, numberId: only }], now);
  await raiseRostersOf(tx, personId);
  const ended = await endAwaitingOf(tx, { personId, numberId: only }, now);
  return [...(await optOutMessages(tx, personId, only)), ...ended];
}

/**
 * A block and a language are part of every roster that the person is in: each gets a new version, but for that of `raised`,
 * which has one already.
 */
export async function raiseRostersOf(tx: Tx, personId: number, raised?: number): Promise<void> {
  const groupIds = (await groupIdsOf(tx, personId)).filter((id) => id !== raised);
  if (groupIds.length > 0) await raiseVersion(tx, groupIds);
}

/**
 * Tells each owner of their groups once, so that nobody vanishes unnoticed: of all their groups, or, with a number, of
 * the one that they reach through it.
 */
export async function optOutMessages(
  tx: Tx,
  personId: number,
  numberId: number | null = null,
): Promise<SystemMessage[]> {
  const told = new Set<number>();
  const messages: SystemMessage[] = [];
  const say = numberId === null ? texts.memberStopped : texts.memberStoppedHere;
  for (const { owner, groupId, group, who, through } of await ownersAround(tx, personId)) {
    if (told.has(owner.personId) || (numberId !== null && through !== numberId)) continue;
    told.add(owner.personId);
    messages.push({ groupId, text: () => say({ who, group }), to: [owner], urgent: false });
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
  return [{ groupId, text: () => texts.memberUnreachable({ who, group }), to: [owner], urgent: false }];
}
