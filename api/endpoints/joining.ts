import { Type } from '@sinclair/typebox';
import { describeListed, newestGroups, searchGroups } from '../../db/groups/search.ts';
import { DomainError } from '../../engine/platform/errors.ts';
import type { Cause } from '../../engine/rules/budgets.ts';
import { isFull } from '../../engine/rules/membership.ts';
import { readPhone } from '../../engine/rules/phone.ts';
import { findInvited, joinGroup } from '../../engine/usecases/change.ts';
import { endpoint } from '../endpoint.ts';
import { asFlag, count, flag, text } from '../schemas.ts';

/** How strangers find a public group and become members. */

/** The most groups of one list. */
const PAGE = 50;

export const groupList = endpoint({
  url: '/group/list',
  name: 'listPublicGroups',
  reads: true,
  summary: 'List public groups',
  notes:
    'At most 50 groups. A search finds groups whose name or description has any of its words, or words that begin with one. Groups with more of the words come first, then those with words in the name, then whole words, then the newest. A word that 50 or more of the newest 2,000 groups have is looked for among those, and among groups with a rarer word of the search. Without a search the newest groups are listed; with both parameters, the search counts.',
  session: 'none',
  throttled: true,
  uncountedWithoutRedis: true,
  parameters: {
    search: { kind: 'search', optional: true, says: 'Search expression', example: 'hiking' },
    newest: { kind: 'flag', optional: true, says: 'Flag to get the most recent groups' },
    number: { kind: 'text', optional: true, says: 'Users phone number', example: '+14445556666' },
  },
  answer: Type.Object({
    groups: Type.Array(
      Type.Object({
        invite_code: text('Invite code'),
        name: text('Name of the group'),
        description: text('Group description'),
        owner: text('Name of the group owner; empty where they have none'),
        reply_to_owner: flag('Flag for the messages only go to the group owner setting'),
        count: count('Number of members in the group'),
        full: flag('Flag if the group is full'),
        is_member: flag('Flag if number is a member of the group already'),
      }),
      { description: 'An array of the groups' },
    ),
  }),
  errors: { THROTTLE: {}, SHORT_SEARCH: {} },
  async handle({ runtime: { db, config }, params: { search, number } }) {
    const groupIds = await (search === undefined
      ? newestGroups(db, { limit: PAGE })
      : searchGroups(db, { search, limit: PAGE }));
    const phones = { defaultRegion: config.DEFAULT_REGION, allowedCountries: config.ALLOWED_COUNTRIES };
    const found = await describeListed(db, { groupIds, phone: readPhone(number, phones) });
    return {
      groups: found.map((group) => ({
        invite_code: group.inviteCode,
        name: group.name,
        description: group.description,
        owner: group.owner ?? '',
        reply_to_owner: asFlag(group.replyToOwner === 1),
        count: group.count,
        full: asFlag(group.count >= config.MAX_MEMBERS),
        is_member: asFlag(group.isMember === 1),
      })),
    };
  },
});

export const groupJoin = endpoint({
  url: '/group/join',
  name: 'joinGroup',
  summary: 'Join a group',
  notes:
    'With the optional sid of the joining phone it is a member at once, and gets one welcome text. Without it the phone is asked by one text, and is a member when it replies YES within 72 hours; the answer is the same (the operator may set CONSENT=open, where nobody is asked). A group that is not turned on yet, or was deleted, has no code. Only with the code of a reply_to_owner group may the name be left out. THROTTLE is also the answer where the budgets of first texts are used up.',
  session: 'optional',
  throttled: true,
  parameters: {
    invite_code: { kind: 'text', says: 'The invitation code of the group', example: 'Hikers-2' },
    name: {
      kind: 'personName',
      optional: true,
      waivable: true,
      says: 'Your name (optional if the group is a reply_to_owner group)',
      example: 'Bob',
    },
    number: { kind: 'phone', says: 'Your phone number', example: '+14445556666' },
  },
  answer: Type.Object({ name: text('Name of the group') }),
  errors: {
    NOT_FOUND: { says: 'No active group has this invite code.' },
    TOO_MANY_MEMBERS: {},
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: { subtype: 'number' },
    GROUP_FLIER_NUMBER: {},
    BLOCKED_NUMBER: {},
    DUP_NUMBER: { says: 'The number is in the group already; if they left it, *hi or /member/hi brings them back.' },
    TOO_LONG: {},
    DUP_NAME: {},
    THROTTLE: {},
  },
  async waives({ runtime, params }) {
    const roster = await findInvited(runtime, String(params.invite_code));
    return roster?.group.replyToOwner === true;
  },
  async handle({ runtime, session, params: { invite_code: code, name = null, number: phone }, request: { address } }) {
    const cause: Cause =
      session === null
        ? { by: 'stranger', address, refusedWith: 'THROTTLE' }
        : { by: 'member', personId: session.personId };
    return { name: await joinGroup(runtime, { code, name, phone, agreed: session?.phone === phone, cause }) };
  },
});

export const groupInviteCheck = endpoint({
  url: '/group/invite/check',
  name: 'checkInvite',
  reads: true,
  summary: 'Check an invitation code',
  session: 'none',
  throttled: true,
  parameters: {
    invite_code: { kind: 'text', says: 'The invitation code of the group', example: 'Hikers-2' },
  },
  answer: Type.Object({
    name: text('Name of the group'),
    reply_to_owner: flag('Flag, if set messages only go to the group owner'),
    disable_who: flag('Flag to disable the *who command for group members'),
  }),
  errors: {
    NOT_FOUND: { says: 'No active group has this invite code.' },
    TOO_MANY_MEMBERS: {},
    MISSING_FIELDS: { subtype: 'fields' },
    THROTTLE: {},
  },
  async handle({ runtime, params }) {
    const roster = await findInvited(runtime, params.invite_code);
    if (roster === null) throw new DomainError('NOT_FOUND');
    if (isFull(roster, runtime.config.MAX_MEMBERS)) throw new DomainError('TOO_MANY_MEMBERS');
    const { name, replyToOwner, disableWho } = roster.group;
    return { name, reply_to_owner: asFlag(replyToOwner), disable_who: asFlag(disableWho) };
  },
});
