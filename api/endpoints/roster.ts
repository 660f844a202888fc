import { Type } from '@sinclair/typebox';
import { onceForKey } from '../../engine/effects/repeated-calls.ts';
import { DomainError } from '../../engine/platform/errors.ts';
import type { Effect } from '../../engine/rules/effects.ts';
import { memberFields } from '../../engine/rules/member-fields.ts';
import { findByPhone, planMember, planRemoval } from '../../engine/rules/membership.ts';
import type { Membership } from '../../engine/rules/types.ts';
import { allow } from '../../engine/usecases/allow.ts';
import { changeGroup } from '../../engine/usecases/change.ts';
import { endpoint } from '../endpoint.ts';
import { changeOf, parametersOf } from '../field-tables.ts';
import { repeatKey } from '../repeat-key.ts';

/** Who is in a group, and how. */

const theGroup = { kind: 'phone', says: 'The group number', example: '+14445557777' } as const;

export const memberAdd = endpoint({
  url: '/member/add',
  name: 'addMember',
  summary: 'Add a member to the group',
  notes:
    'The new member gets one welcome text, or with CONSENT=ask a question, and is a member with their YES; with notify_on_add everybody else but the caller is told as well: of the first newcomer at once, of those of the next five minutes in one text. A member who has left is still in the group and cannot be added again; they can come back by themselves. If no answer came, repeat the call with the same idempotency_key: it is OK where the first was. The same key with another member is BAD_REQUEST.',
  session: 'required',
  parameters: {
    group: theGroup,
    name: { kind: 'personName', says: 'The name of the new member', example: 'Bob' },
    number: { kind: 'phone', says: 'The number of the new member', example: '+14445558888' },
    idempotency_key: repeatKey('member', 'dee-4711'),
  },
  answer: Type.Object({}),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    MEMBER_LOOKUP_FAILED: {},
    INVALID_NUMBER: {},
    GROUP_FLIER_NUMBER: {},
    BLOCKED_NUMBER: {},
    DUP_NUMBER: {},
    DUP_NAME: {},
    TOO_MANY_MEMBERS: {},
    TOO_LONG: {},
    DISABLED_ADD: {},
  },
  async handle({ runtime, session, params }) {
    const { group: number, name, number: phone, idempotency_key: key } = params;
    const named = { call: 'add', by: session.personId, key, body: { number, name, phone } } as const;
    await onceForKey(runtime, named, async (call) => {
      const decide = (membership: Membership): Effect[] => {
        allow('addMember', membership);
        return [{ kind: 'add', name, phone, joins: false, agreed: false }];
      };
      await changeGroup(runtime, { phone: session.phone, number }, decide, { call });
      return {};
    });
    return {};
  },
});

export const memberRemove = endpoint({
  url: '/member/remove',
  name: 'removeMember',
  summary: 'Remove a member from the group',
  notes: 'Unlike one who has left, a removed member can be added again.',
  session: 'required',
  parameters: {
    group: theGroup,
    number: { kind: 'phone', says: 'The number to remove', example: '+14445558888' },
  },
  answer: Type.Object({}),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: { subtype: 'number' },
    MEMBER_LOOKUP_FAILED: {},
    NOT_OWNER: {},
    NOT_SELF: {},
    NOT_FOUND: { says: 'The number is not in the group.' },
  },
  async handle({ runtime, session, params: { group: number, number: phone } }) {
    await changeGroup(runtime, { phone: session.phone, number }, (membership) => {
      allow('removeMember', membership);
      const removal = planRemoval(membership, findByPhone(membership.roster, phone));
      if (typeof removal === 'string') throw new DomainError(removal);
      return [removal];
    });
    return {};
  },
});

export const memberSet = endpoint({
  url: '/member/set',
  name: 'setMember',
  summary: 'Update the member information',
  notes:
    'Only what is sent changes. An owner may set the sms of another member to 0, or back to what that member chose.',
  session: 'required',
  parameters: {
    group: theGroup,
    number: {
      kind: 'phone',
      optional: true,
      says: 'The group owner can modify another members settings by passing the member number',
      example: '+14445558888',
    },
    ...parametersOf(memberFields),
  },
  answer: Type.Object({}),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: {},
    MEMBER_LOOKUP_FAILED: {},
    NOT_OWNER: {},
    TOO_LONG: {},
    NAME_IN_USE: {},
    INVALID_SMS_STATE: {},
    INVALID_BROADCAST: {},
  },
  async handle({ runtime, session, params: { group: number, number: whose, ...params } }) {
    const change = changeOf(memberFields, params);
    await changeGroup(runtime, { phone: session.phone, number }, (membership) => {
      const { roster, member: by } = membership;
      const isOther = whose !== undefined && whose !== by.phone;
      // A member who has left counts as none here, so that comes first; but an owner keeps the owner’s rights.
      allow(isOther && by.owner ? 'changeMember' : 'changeSelf', membership);
      if (isOther) allow('changeMember', membership);
      const member = isOther ? findByPhone(roster, whose) : by;
      if (member === undefined) throw new DomainError('MEMBER_LOOKUP_FAILED');
      const patch = planMember(membership, member, change);
      if (patch === 'BAD_REQUEST') throw new DomainError(patch, { subtype: 'co_owner' });
      if (typeof patch === 'string') throw new DomainError(patch);
      return Object.keys(patch).length === 0 ? [] : [{ kind: 'setMember', membershipId: member.id, patch }];
    });
    return {};
  },
});

/** Neither leaving nor coming back is an error the second time: nothing changes then. */
const leavingErrors = { MISSING_FIELDS: { subtype: 'fields' }, INVALID_NUMBER: {}, MEMBER_LOOKUP_FAILED: {} } as const;

export const memberBye = endpoint({
  url: '/member/bye',
  name: 'leaveGroup',
  summary: 'Leave a group',
  notes: 'A member who has left stays on the roster with bye 1, gets nothing, and can come back. Leaving twice is OK.',
  session: 'required',
  parameters: { group: theGroup },
  answer: Type.Object({}),
  errors: leavingErrors,
  async handle({ runtime, session: { phone }, params: { group: number } }) {
    await changeGroup(runtime, { phone, number }, ({ member }) => (member.left ? [] : [{ kind: 'leave' }]));
    return {};
  },
});

export const memberHi = endpoint({
  url: '/member/hi',
  name: 'rejoinGroup',
  summary: 'Re-join a group',
  notes: 'Works even if the group is full. Coming back twice is OK.',
  session: 'required',
  parameters: { group: theGroup },
  answer: Type.Object({}),
  errors: leavingErrors,
  async handle({ runtime, session: { phone }, params: { group: number } }) {
    await changeGroup(runtime, { phone, number }, ({ member }) => (member.left ? [{ kind: 'return' }] : []));
    return {};
  },
});
