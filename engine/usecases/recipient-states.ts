import { readParts, readUnwritten } from '../../db/deliveries/recipient-parts.ts';
import { readListed } from '../../db/messages/listed.ts';
import type { Runtime } from '../platform/runtime.ts';
import { recipientsOf } from '../rules/audience.ts';
import { type RecipientOutcome, recipientStatesOf } from '../rules/recipient-states.ts';

/**
 * What has become of a message (its row) for each of its recipients. Of one that is not fanned out yet, those of the roster
 * that it was accepted for wait.
 */
export async function readRecipientStates(runtime: Runtime, rowId: number): Promise<RecipientOutcome[]> {
  const unwritten = await readUnwritten(runtime.db, rowId);
  if (unwritten === undefined) return recipientStatesOf(await readParts(runtime.db, rowId));
  const roster = await runtime.rosters.read(unwritten);
  const listed = (await readListed(runtime.db, [{ ...unwritten, id: rowId }])).get(rowId);
  return recipientsOf(roster, { ...unwritten, cc: unwritten.cc === 1, listed }, Date.now()).map(({ member }) => ({
    personId: member.personId,
    phone: member.phone,
    name: member.name,
    state: 'waiting',
    reason: null,
    errorCode: null,
  }));
}
