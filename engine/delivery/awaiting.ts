import type { Tx } from '../../db/connect.ts';
import { endAwaiting, findAwaitingOf, findThoseWhoRun } from '../../db/groups/approvals.ts';
import { approvalTexts } from '../rules/commands/approvals.ts';
import type { SystemMessage } from './system-messages.ts';

/**
 * What somebody wanted to text all of a group, and no owner has approved yet, ends with them: with their membership, or
 * where they said STOP, with a number to those groups that they reach through it. Returns what the owners are told, once a group.
 */
export async function endAwaitingOf(
  tx: Tx,
  { personId, membershipId, numberId }: { personId: number; membershipId?: number; numberId?: number | null },
  now: Date,
): Promise<SystemMessage[]> {
  const found = (await findAwaitingOf(tx, personId)).filter(
    (one) => one.membershipId === (membershipId ?? one.membershipId) && one.through === (numberId ?? one.through),
  );
  if (found.length === 0) return [];
  const messages = new Map<number, SystemMessage>();
  const owners = await findThoseWhoRun(
    tx,
    found.map(({ groupId }) => groupId),
  );
  for (const { id, groupId, group, who } of found) {
    if (!(await endAwaiting(tx, { id, groupId, now }))) continue;
    const to = owners.filter((owner) => owner.groupId === groupId && owner.personId !== personId);
    messages.set(groupId, { groupId, text: () => approvalTexts.speakerGone({ who, group }), to, urgent: false });
  }
  return [...messages.values()];
}
