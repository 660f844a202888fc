import { lockAccount } from '../../db/billing/accounts.ts';
import { transact } from '../../db/connect.ts';
import { listOwnKeys, type OwnKey, revokeOwnKey } from '../../db/people/api-keys.ts';
import { tellChanges } from '../billing/account-changes.ts';
import { startSystemMessages } from '../delivery/system-messages.ts';
import { findMembership } from '../groups/membership.ts';
import { makeApiKey } from '../people/api-keys.ts';
import type { Session } from '../people/sessions.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { KeyAccess } from '../rules/api-keys.ts';
import { allow } from './allow.ts';

/** Nobody has more programs, and a list of them stays short. */
export const MOST_KEYS = 20;

/**
 * Makes a key for the programs of an owner; their phone gets a text, for a session may be in wrong hands. Throws NO_ACCOUNT,
 * MEMBER_LOOKUP_FAILED and NOT_OWNER of the one group that it is for, and BAD_REQUEST where they have as many as may be.
 */
export async function makeOwnKey(
  runtime: Runtime,
  { personId, phone }: Session,
  { name, access, number }: { name: string; access: KeyAccess; number: string | null },
): Promise<{ id: number; key: string }> {
  const groupId = number === null ? null : await ownGroup(runtime, { phone, number });
  const now = new Date();
  const { made, messageIds } = await transact(runtime.db, async (tx) => {
    if ((await lockAccount(tx, personId)) === undefined) throw new DomainError('NO_ACCOUNT');
    const keys = await listOwnKeys(tx, { personId, limit: MOST_KEYS });
    if (keys.length >= MOST_KEYS) throw new DomainError('BAD_REQUEST', { subtype: 'keys' });
    return {
      made: await makeApiKey(tx, { personId, groupId, access, name, now }),
      messageIds: await tellChanges(runtime, tx, { personId, changes: ['key'], now }),
    };
  });
  void startSystemMessages(runtime, messageIds);
  return made;
}

/** The keys of a person that work, the newest 100, or those of lower ids than `before`: operators may have made more. */
export function readOwnKeys(
  runtime: Runtime,
  { personId }: Session,
  { before }: { before: number | undefined },
): Promise<OwnKey[]> {
  return listOwnKeys(runtime.db, { personId, limit: KEYS_A_PAGE, ...(before === undefined ? {} : { before }) });
}

const KEYS_A_PAGE = 100;

/** Ends a key of this person at once. Throws NOT_FOUND where they have none of this id that works. */
export async function endOwnKey(runtime: Runtime, { personId }: Session, id: number): Promise<void> {
  const ended = await revokeOwnKey(runtime.db, { id, personId, now: new Date() });
  if (!ended) throw new DomainError('NOT_FOUND');
}

async function ownGroup(runtime: Runtime, at: { phone: string; number: string }): Promise<number> {
  const membership = await findMembership(runtime, at);
  if (membership === null) throw new DomainError('MEMBER_LOOKUP_FAILED');
  allow('manageKeys', membership);
  return membership.roster.group.id;
}
