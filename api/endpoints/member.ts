import { type Static, Type } from '@sinclair/typebox';
import { groupsOf } from '../../engine/groups/member-groups.ts';
import { logIn, sendPin } from '../../engine/people/pins.ts';
import { endSession } from '../../engine/people/sessions.ts';
import { groupFields } from '../../engine/rules/group-fields.ts';
import { memberFields } from '../../engine/rules/member-fields.ts';
import { membersShownTo } from '../../engine/rules/membership.ts';
import { denialOf } from '../../engine/rules/permissions.ts';
import type { Membership } from '../../engine/rules/types.ts';
import { zoneOf } from '../../engine/rules/zones.ts';
import { endpoint } from '../endpoint.ts';
import { schemasOf, showFields } from '../field-tables.ts';
import { accountType, asFlag, count, flag, phone, text } from '../schemas.ts';

export const memberFind = endpoint({
  url: '/member/find',
  name: 'findMember',
  summary: 'Find a member and send them a login pin',
  notes:
    'Finds the members of active groups, and people who have paid or set a password before their last group ended. The PIN is good for 15 minutes and one login. While it lives, the same one is sent again. At most 3 texts in 15 minutes and 10 PINs a day go to a phone; one that texts PIN to the service number always gets one. A phone that has opted out gets no text; the answer is the same.',
  session: 'none',
  throttled: true,
  parameters: {
    number: { kind: 'phone', says: 'The mobile number', example: '+14445556666' },
  },
  answer: Type.Object({ has_password: flag('Do they have a password') }),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: { subtype: 'number' },
    NOT_FOUND: { says: 'The phone number is in no active group.' },
    THROTTLE: {},
  },
  async handle({ runtime, params, request: { address } }) {
    const { hasPassword } = await sendPin(runtime, { phone: params.number, address });
    return { has_password: asFlag(hasPassword) };
  },
});

export const memberLogin = endpoint({
  url: '/member/login',
  name: 'logIn',
  summary: 'Login a member',
  notes:
    'A session lives for 30 days since its last use. After 5 wrong PINs or passwords in 15 minutes for a phone, or 50 from one address, every try is a LOCKOUT for 15 minutes, even with the right one.',
  session: 'none',
  parameters: {
    number: { kind: 'phone', says: 'The mobile number', example: '+14445556666' },
    pin: { kind: 'secret', says: 'The PIN number or account password', example: '123456' },
    source: {
      kind: 'text',
      limit: 100,
      optional: true,
      says: 'The name of the application that they are logging in through',
    },
  },
  answer: Type.Object({ sid: text('The session id') }),
  errors: { MISSING_FIELDS: { subtype: 'fields' }, INVALID_NUMBER: {}, INVALID_PIN: {}, LOCKOUT: {} },
  async handle({ runtime, params, request }) {
    const { number: phone, pin: secret, source = null } = params;
    return { sid: await logIn(runtime, { phone, secret, source, address: request.address }) };
  },
});

export const memberLogout = endpoint({
  url: '/member/logout',
  name: 'logOut',
  summary: 'Logout a member',
  notes: 'With the optional all all sessions of the member end; by text *logout does.',
  session: 'required',
  parameters: { all: { kind: 'flag', optional: true, says: 'A flag, if set all sessions of the member end' } },
  answer: Type.Object({}),
  errors: {
    MISSING_FIELDS: { subtype: 'fields', says: 'Never answered: a missing sid is HTTP 401.' },
  },
  async handle({ session, runtime, params }) {
    await endSession(runtime, session, { all: params.all ?? false });
    return {};
  },
});

const memberAnswer = Type.Object(schemasOf(memberFields, 'listed'), { title: 'Member' });

const groupAnswer = Type.Object(
  {
    ...schemasOf(memberFields, 'own'),
    ...schemasOf(groupFields, 'shown'),
    suspended: flag('Flag if the group is suspended'),
    members: Type.Array(memberAnswer, {
      description:
        'The members of the group; with disable_who, and after leaving, only oneself and the owner, except for the owner',
    }),
  },
  { title: 'Group' },
);

export const memberGroups = endpoint({
  url: '/member/groups',
  name: 'getMyGroups',
  reads: true,
  summary: 'Returns the groups the member belongs to',
  notes: 'Groups that the member has left are listed too, with bye 1; oldest first.',
  session: 'required',
  parameters: {},
  answer: Type.Object({
    number: phone('The members phone number'),
    account: Type.Object(
      {
        type: accountType,
        balance: count('Account balance in pennies'),
        suspended: flag('Flag if the account is suspended'),
      },
      { description: 'The members account object', title: 'Account' },
    ),
    groups: Type.Array(groupAnswer, { description: 'The groups the member belongs to' }),
  }),
  errors: {},
  async handle({ runtime, session }) {
    const { rosters, account, suspendedGroupIds } = await groupsOf(runtime, session.personId);
    return {
      number: session.phone,
      account: { type: account.type, balance: account.balance, suspended: asFlag(account.suspended) },
      groups: rosters.map((membership) =>
        describeGroup(
          membership,
          runtime.config.DEFAULT_ZONE,
          suspendedGroupIds.has(membership.roster.group.id) || membership.roster.group.paused,
        ),
      ),
    };
  },
});

function describeGroup(
  { roster, member }: Membership,
  defaultZone: string,
  suspended: boolean,
): Static<typeof groupAnswer> {
  return {
    ...showFields(memberFields, 'own', { ...member, zone: zoneOf(member, defaultZone) }),
    ...showFields(groupFields, 'shown', {
      ...roster.group,
      pinned: member.left ? null : roster.group.pinned,
      // A phone that may be nobody's in the group.
      forwardTo: denialOf('changeGroup', { roster, member }) === null ? roster.group.forwardTo : null,
    }),
    suspended: asFlag(suspended),
    members: membersShownTo({ roster, member }).map((one) => showFields(memberFields, 'listed', one)),
  };
}
