import { isDuplicate, transact } from '../../db/connect.ts';
import { isCodeTaken } from '../../db/groups/groups.ts';
import { startSystemMessages, writeSystemMessages } from '../delivery/system-messages.ts';
import type { CallKey } from '../effects/act.ts';
import { whyNotForward } from '../effects/forwarding.ts';
import { nameCall } from '../effects/repeated-calls.ts';
import { findMembership, findStaged } from '../groups/membership.ts';
import { type GroupInput, stageGroup } from '../groups/staging.ts';
import { newInviteCode } from '../people/secrets.ts';
import { decideAgain } from '../platform/decide-again.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Cause } from '../rules/budgets.ts';
import type { GroupChange } from '../rules/group-fields.ts';
import { planChange } from '../rules/settings.ts';
import { allow } from './allow.ts';
import { changeGroup } from './change.ts';

export type { GroupInput } from '../groups/staging.ts';

/**
 * Stages a group: only its creator has a number, and a text, which asks for a YES. Refuses with the state errors of
 * /group/create, in the document's order, and with UNAVAILABLE when there is no number for the creator.
 */
export async function createGroup(
  runtime: Runtime,
  input: GroupInput,
  cause: Cause,
  call?: CallKey,
): Promise<{ number: string; firstGroup: boolean }> {
  const now = new Date();
  return decideAgain(async () => {
    try {
      const { systemMessageIds, ...created } = await transact(runtime.db, async (tx) => {
        const { systemMessages, ...staged } = await stageGroup(runtime, tx, input, now);
        const systemMessageIds = await writeSystemMessages(runtime, tx, { cause, messages: systemMessages, now });
        if (call !== undefined) nameCall(call, staged);
        return { ...staged, systemMessageIds };
      });
      void startSystemMessages(runtime, systemMessageIds);
      return created;
    } catch (error) {
      // Somebody else was given the same pair of phone and number in the same instant: pick again.
      if (isDuplicate(error, 'memberships_pair')) return 'stale';
      throw error;
    }
  });
}

/**
 * Changes the settings of a group and, where it is staged, turns it on; all of it or nothing. A session by the PIN
 * of one group (`onlyGroupId`) changes that one alone.
 */
export async function setGroup(
  runtime: Runtime,
  { onlyGroupId, ...at }: { phone: string; number: string; onlyGroupId: number | null },
  change: GroupChange,
): Promise<{ inviteCode: string | null }> {
  let inviteCode: string | null = null;
  const isStaged = (await findStaged(runtime, at)) !== null;
  await changeGroup(
    runtime,
    at,
    async (membership) => {
      const { group } = membership.roster;
      if (onlyGroupId !== null && onlyGroupId !== group.id) throw new DomainError('UNAUTHORIZED');
      allow('changeGroup', membership);
      const { inviteCode: code } = change;
      if (code && (await isCodeTaken(runtime.db, { code, butBy: group.id }))) throw new DomainError('USED_INVITE_CODE');
      const { forwardTo } = change;
      if (forwardTo && (await whyNotForward(runtime.db, forwardTo)) !== null)
        throw new DomainError('BAD_REQUEST', { subtype: 'forward_to' });
      const patch = planChange(group, change, newInviteCode());
      if (patch === 'CANT_MAKE_PUBLIC') throw new DomainError(patch);
      inviteCode = patch.inviteCode === undefined ? group.inviteCode : patch.inviteCode;
      return [{ kind: 'setGroup', patch }, ...(isStaged ? [{ kind: 'activate' } as const] : [])];
    },
    { find: isStaged ? findStaged : findMembership },
  );
  return { inviteCode };
}
