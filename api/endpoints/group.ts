import { Type } from '@sinclair/typebox';
import { onceForKey } from '../../engine/effects/repeated-calls.ts';
import { groupFields } from '../../engine/rules/group-fields.ts';
import { createGroup, setGroup } from '../../engine/usecases/group-settings.ts';
import { endpoint } from '../endpoint.ts';
import { changeOf, parametersOf } from '../field-tables.ts';
import { repeatKey } from '../repeat-key.ts';
import { asFlag, flag, phone, text } from '../schemas.ts';

/** name_N and number_N go up to here, so a group made by one call has at most 102 members. */
const HIGHEST_PAIR = 100;

export const groupCreate = endpoint({
  url: '/group/create',
  name: 'createGroup',
  summary: 'Create a group',
  notes:
    'JSON may have a list `members: [{ name, number }]` in place of name_N and number_N, counted from 0. The group is staged: nobody but the creator hears of it, or has a number, until the creator answers YES to the text they get, or calls /group/set. Without an answer it expires. The first group opens the creator’s account, once it is turned on; until then nothing is kept in the creator’s name. TOO_MANY_PENDING_GROUPS is also the answer where the budgets of first texts are used up; Retry-After says for how long. If no answer came, repeat the call with the same idempotency_key: one group is made. The same key with another group, of the same creator, is BAD_REQUEST.',
  session: 'none',
  parameters: {
    group: { kind: 'groupName', says: 'The name of the group', example: 'Hikers' },
    name: { kind: 'personName', says: 'The name of the group creator', example: 'Ann' },
    number: { kind: 'phone', says: 'The mobile number of the group creator', example: '+14445556666' },
    email: { kind: 'email', optional: true, says: 'The email address of the group creator' },
    members: {
      kind: 'pairs',
      highest: HIGHEST_PAIR,
      says: ['The name of the additional member', 'The number of the additional member'],
      nameOptionalWith: 'reply_to_owner',
    },
    source: {
      kind: 'text',
      limit: 100,
      optional: true,
      says: 'The name of the application that is creating the group',
    },
    reply_to_owner: { kind: 'flag', optional: true, says: 'A flag, if set messages only go to the group creator' },
    send_pin: {
      kind: 'flag',
      optional: true,
      says: 'A flag, if set the text to the creator holds a PIN for /group/set',
    },
    idempotency_key: repeatKey('group', 'signup-4711'),
  },
  answer: Type.Object({
    number: phone('The group number'),
    first_group: flag('1 if this is the first group for an account'),
  }),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: { subtype: 'number' },
    TOO_LONG: { subtype: 'name' },
    GROUP_FLIER_NUMBER: { subtype: 'number' },
    BLOCKED_NUMBER: {},
    DUP_NUMBER: { subtype: 'number' },
    DUP_NAME: { subtype: 'name' },
    TOO_MANY_PENDING_GROUPS: {},
    NOT_ENOUGH_MEMBERS: {},
    TOO_MANY_MEMBERS: {},
  },
  async handle({ runtime, params, request: { address } }) {
    const input = {
      name: params.group,
      creator: { name: params.name, phone: params.number },
      email: params.email ?? null,
      members: params.members.map(({ name, phone }) => ({ name, phone })),
      tooMany: params.members.some(({ at }) => at > HIGHEST_PAIR),
      source: params.source ?? null,
      replyToOwner: params.reply_to_owner ?? false,
      sendPin: params.send_pin ?? false,
    };
    const cause = { by: 'stranger', address, refusedWith: 'TOO_MANY_PENDING_GROUPS' } as const;
    const named = { call: 'create', by: params.number, key: params.idempotency_key, body: input } as const;
    const { number, firstGroup } = await onceForKey(runtime, named, (call) => createGroup(runtime, input, cause, call));
    return { number, first_group: asFlag(firstGroup) };
  },
});

export const groupSet = endpoint({
  url: '/group/set',
  name: 'setGroup',
  summary: 'Update the group settings',
  notes:
    'Also activates a staged group of the caller; where no number is free for one of its people that is HTTP 503, and the group stays staged. The PIN from send_pin and the number it was sent to can stand in for a sid. A group that becomes public without an invite code is given one; an empty invite_code removes the code, an empty description clears it.',
  session: 'requiredOrPin',
  parameters: {
    pin: { kind: 'secret', optional: true, says: 'The PIN from send_pin in /group/create' },
    pin_number: { kind: 'text', optional: true, says: 'The number the PIN was sent to' },
    number: { kind: 'phone', wrong: 'MEMBER_LOOKUP_FAILED', says: 'The group number', example: '+14445557777' },
    ...parametersOf(groupFields),
  },
  answer: Type.Object({ invite_code: Type.Optional(text('The invite code, where the group has one')) }),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    TOO_LONG: {},
    DESCRIPTION_TOO_LONG: {},
    MEMBER_LOOKUP_FAILED: {},
    NOT_OWNER: {},
    INVALID_INVITE_CODE: {},
    USED_INVITE_CODE: {},
    CANT_MAKE_PUBLIC: {},
  },
  async handle({ runtime, session, params }) {
    const at = { phone: session.phone, number: params.number };
    const { inviteCode } = await setGroup(
      runtime,
      { ...at, onlyGroupId: session.onlyGroupId },
      changeOf(groupFields, params),
    );
    return inviteCode === null ? {} : { invite_code: inviteCode };
  },
});
