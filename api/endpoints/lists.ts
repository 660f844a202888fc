import { Type } from '@sinclair/typebox';
import { LIST_LIMITS } from '../../engine/rules/lists.ts';
import { deleteList, listLists, setList } from '../../engine/usecases/lists.ts';
import { endpoint } from '../endpoint.ts';
import { phone, text } from '../schemas.ts';

const groupNumber = { kind: 'phone', says: 'The group number', example: '+14445557777' } as const;
const listName = {
  kind: 'personName',
  says: `The name of the list, ${LIST_LIMITS.name} letters at most; upper and lower case are the same`,
  example: 'Trumpets',
} as const;

export const listsList = endpoint({
  url: '/v1/lists/list',
  name: 'listLists',
  reads: true,
  summary: 'List the lists of a group',
  notes:
    'Lists are some members of a group under a name. A message that begins with @ and the name of a list is for those of its members who are in the group then; they alone get it and read it, and `reply` of /message/send says so. It goes out at once, whatever the `hours` of the group. In a reply to owner group owners alone send to a list. Who leaves the group is on none of its lists any more. Where the members are shown to the owner alone, others are shown no lists.',
  session: 'required',
  parameters: { number: groupNumber },
  answer: Type.Object({
    lists: Type.Array(
      Type.Object({
        name: text('Name of the list'),
        members: Type.Array(
          Type.Object({
            name: text('Name of the member; empty where they have none'),
            number: phone('Number of the member'),
          }),
          { description: 'Who is on it' },
        ),
      }),
      { description: 'The lists, by name' },
    ),
  }),
  errors: { MISSING_FIELDS: { subtype: 'fields' }, INVALID_NUMBER: {}, MEMBER_LOOKUP_FAILED: {} },
  async handle({ runtime, session, params }) {
    const lists = await listLists(runtime, { phone: session.phone, number: params.number });
    return {
      lists: lists.map(({ name, members }) => ({
        name,
        members: members.map((member) => ({ name: member.name ?? '', number: member.phone })),
      })),
    };
  },
});

export const listsSet = endpoint({
  url: '/v1/lists/set',
  name: 'setList',
  summary: 'Make a list, or say who is on it',
  notes: `Who is named is on the list, and nobody else. A group has at most ${LIST_LIMITS.lists} lists: one more is BAD_REQUEST with the subtype lists. No list has the name of a member (NAME_IN_USE) or of a command (BAD_REQUEST). A member who takes the name of a list later is meant by it.`,
  session: 'required',
  parameters: {
    number: groupNumber,
    name: listName,
    members: {
      kind: 'text',
      optional: true,
      keepsEmpty: true,
      limit: 5_000,
      says: 'Comma delimited numbers of the members who are on it; empty: nobody',
      example: '+14445556666,+14445557777',
    },
  },
  answer: Type.Object({}),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: {},
    TOO_LONG: {},
    MEMBER_LOOKUP_FAILED: { subtype: 'number', says: 'The caller, or one who is named, is not in the group.' },
    NOT_OWNER: {},
    NAME_IN_USE: {},
  },
  async handle({ runtime, session, params: { number, name, members = '' } }) {
    const numbers = members
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    await setList(runtime, { phone: session.phone, number }, { name, numbers });
    return {};
  },
});

export const listsDelete = endpoint({
  url: '/v1/lists/delete',
  name: 'deleteList',
  summary: 'Delete a list',
  notes: 'Its members stay in the group.',
  session: 'required',
  parameters: { number: groupNumber, name: listName },
  answer: Type.Object({}),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: {},
    TOO_LONG: {},
    MEMBER_LOOKUP_FAILED: {},
    NOT_OWNER: {},
    NOT_FOUND: { says: 'The group has no list of that name.' },
  },
  async handle({ runtime, session, params: { number, name } }) {
    await deleteList(runtime, { phone: session.phone, number }, name);
    return {};
  },
});
