import { Type } from '@sinclair/typebox';
import { mediaAddresses } from '../../engine/platform/media-addresses.ts';
import { writeTime } from '../../engine/rules/schedule.ts';
import { approveAwaiting, declineAwaiting, listApprovals } from '../../engine/usecases/approvals.ts';
import { endpoint } from '../endpoint.ts';
import { count, phone, text } from '../schemas.ts';

const groupNumber = { kind: 'phone', says: 'The group number', example: '+14445557777' } as const;
const which = { kind: 'integer', says: 'The id of /v1/approvals/list', example: 7 } as const;

export const approvalsList = endpoint({
  url: '/v1/approvals/list',
  name: 'listApprovals',
  reads: true,
  summary: 'List the messages that wait for an owner',
  notes:
    'Where a reply to owner group has `broadcast_approval`, what its broadcast members say to all waits here until an owner or co-owner approves or declines it, by a call or by *approve and *decline. What nobody has decided on until `until` is dropped, and so is what somebody said who leaves, is removed or says STOP. The oldest first.',
  session: 'required',
  keys: 'read',
  parameters: { number: groupNumber },
  answer: Type.Object({
    approvals: Type.Array(
      Type.Object({
        id: count('Id of the message here, for /v1/approvals/approve and /v1/approvals/decline'),
        name: text('Name of who says it; empty where they have none'),
        from: phone('Number of who says it'),
        txt: text('Text of the message'),
        media: Type.Optional(Type.Array(Type.String(), { description: 'Addresses of its pictures, where it has any' })),
        until: text('UTC time when it is dropped, as YYYY-MM-DD HH:MM:SS'),
      }),
      { description: 'What waits' },
    ),
  }),
  errors: { MISSING_FIELDS: { subtype: 'fields' }, INVALID_NUMBER: {}, MEMBER_LOOKUP_FAILED: {}, NOT_OWNER: {} },
  async handle({ runtime, session, params }) {
    const found = await listApprovals(runtime, { phone: session.phone, number: params.number });
    return {
      approvals: found.map(({ one: { id, text: txt, media, until }, by }) => ({
        ...{ id, name: by.name ?? '', from: by.phone, txt },
        ...(media.length === 0 ? {} : { media: mediaAddresses(runtime.config, media) }),
        until: writeTime(until),
      })),
    };
  },
});

const decided = {
  MISSING_FIELDS: { subtype: 'fields' },
  INVALID_NUMBER: {},
  MEMBER_LOOKUP_FAILED: {},
  NOT_OWNER: {},
  NOT_FOUND: { says: 'Nothing with this id waits: it was decided, or is over.' },
} as const;

export const approvalsApprove = endpoint({
  url: '/v1/approvals/approve',
  name: 'approveMessage',
  summary: 'Let a message that waits go to all',
  notes:
    'It goes out in the name of who says it, to the members of that moment, within seconds, or when the `hours` of the group allow: /message/schedule/list has it until then. Who says it is told. Of several owners who decide at the same time one decides; the others hear NOT_FOUND.',
  session: 'required',
  parameters: { number: groupNumber, id: which },
  answer: Type.Object({
    when: Type.Optional(text('UTC time when it goes out, where it waits for the hours of the group')),
  }),
  errors: { ...decided, SUSPENDED: {} },
  async handle({ runtime, session, params }) {
    const when = await approveAwaiting(runtime, { phone: session.phone, number: params.number }, params.id);
    return when === null ? {} : { when: writeTime(when) };
  },
});

export const approvalsDecline = endpoint({
  url: '/v1/approvals/decline',
  name: 'declineMessage',
  summary: 'Drop a message that waits',
  notes: 'It goes to nobody, and who says it is told.',
  session: 'required',
  parameters: { number: groupNumber, id: which },
  answer: Type.Object({}),
  errors: decided,
  async handle({ runtime, session, params }) {
    await declineAwaiting(runtime, { phone: session.phone, number: params.number }, params.id);
    return {};
  },
});
