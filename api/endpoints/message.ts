import { Type } from '@sinclair/typebox';
import { readMessages } from '../../db/messages/message-reading.ts';
import { onceForKey } from '../../engine/effects/repeated-calls.ts';
import { DomainError } from '../../engine/platform/errors.ts';
import { isCommand } from '../../engine/rules/commands.ts';
import { preview, send } from '../../engine/usecases/submit.ts';
import { endpoint } from '../endpoint.ts';
import { mediaIds, uploadsIn } from '../media-ids.ts';
import { membershipOf } from '../membership-of.ts';
import { showMessages, shownMessage } from '../message-shown.ts';
import { previewFields, showPreview } from '../preview-shown.ts';
import { repeatKey } from '../repeat-key.ts';
import { asFlag, count, epoch, flag, text } from '../schemas.ts';

/** The most messages of one answer. */
const PAGE = 1_000;

export const messageSend = endpoint({
  url: '/message/send',
  name: 'sendMessage',
  summary: 'Send a message',
  notes:
    'A message that begins with * is a command: the answer is `reply`, and goes to the sender by SMS as well, up to 60 segments an hour; nothing goes to the group, and it works even while the account is suspended. A message that begins with @ and the name of a member is for that member alone, as with *to, one with the name of a list (/v1/lists/list) for its members, and `reply` says so; where nothing is called so, it is a message like others. In a reply to owner group with `hours`, a message to all that is outside of them for somebody waits until it is inside for everybody: it has no id yet, `reply` says when it goes, and /message/schedule/list has it; a ! in front sends it at once, within the hours that US law has for texts that sell. Where the group has `broadcast_approval`, a message to all by a broadcast member who is no owner waits for a day at most until an owner texts *approve (or *decline), or approves it by a call: /v1/approvals/list has it. It has no id yet, and `reply` says so. A member whose sms is 2 gets it on their devices, which costs nothing, or as an SMS if none of them can be alerted. After UNAVAILABLE nothing was sent. If no answer came at all, repeat the call with the same idempotency_key: the message goes out once. The same key with another message is BAD_REQUEST. A call counts as a text of the member: more than INBOUND_PER_MINUTE in a minute, or the same message more than 5 times in 5 minutes, or the tenth in a row (LOOP_ANSWERS) with which two members answer each other within 5 seconds, is UNAVAILABLE with Retry-After.',
  session: 'required',
  keys: 'send',
  parameters: {
    number: { kind: 'phone', says: 'The group number to send the message to', example: '+14445557777' },
    message: { kind: 'message', says: 'The message to send', example: 'Lunch at noon?' },
    cc: { kind: 'flag', optional: true, says: 'cc me a copy as a SMS or device notification' },
    preview: { kind: 'flag', optional: true, says: 'Send nothing, and return what sending would take and cost' },
    media_ids: mediaIds,
    idempotency_key: repeatKey('message', 'lunch-4711'),
  },
  answer: Type.Object({
    message_id: Type.Optional(
      count('The id of the message in its group; none where it was a command, or a reaction', 12),
    ),
    refresh: Type.Optional(flag('The message was a star command and caused a change in the group status')),
    reply: Type.Optional(
      text(
        'What we answered: to a star command, a message to one member or a list, an answer to a poll, a text that waits',
      ),
    ),
    ...previewFields,
  }),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: {},
    MEMBER_LOOKUP_FAILED: {},
    MESSAGE_TOO_LONG: {},
    SUSPENDED: {},
  },
  async handle({ runtime, session, params, request }) {
    const { number, message: text, cc = false, idempotency_key: key } = params;
    const uploads = uploadsIn(session, params.media_ids);
    // A command may change the group or its roster, which is more than sending.
    if (session.key !== undefined && isCommand(text)) throw new DomainError('UNAUTHORIZED');
    if (params.preview) {
      const membership = await membershipOf(runtime, session, number);
      return showPreview(membership, await preview(runtime, { membership, text, cc, uploads }));
    }
    const named = {
      call: 'send',
      by: session.personId,
      key,
      body: { number, text, cc, ...(uploads === undefined ? {} : { media: uploads.ids }) },
    } as const;
    const said = { phone: session.phone, number, text, cc, uploads };
    const { refresh, reply, messageId } = await onceForKey(runtime, named, (call) =>
      send(runtime, { ...said, call, requestId: request.id }),
    );
    return {
      ...(messageId == null ? {} : { message_id: messageId }),
      ...(refresh ? { refresh: asFlag(refresh) } : {}),
      ...(reply === null ? {} : { reply }),
    };
  },
});

export const messageGet = endpoint({
  url: '/message/get',
  name: 'getMessages',
  reads: true,
  summary: 'Get message(s)',
  notes:
    'The messages that the member sent and those that were for them. Ids are inclusive; an unknown id gives an empty list. At most 1,000 messages, in ascending order; without bounds, the newest 1,000. A reaction that a handset sends as a text (Liked “See you at 7”, 👍 to “See you at 7”) is not a message: it is counted with the message that it quotes, costs nothing, and is not delivered.',
  session: 'required',
  keys: 'read',
  parameters: {
    number: { kind: 'phone', says: 'The group number to get the messages for', example: '+14445557777' },
    message_id: { kind: 'integer', optional: true, says: 'The id of the message to get' },
    message_from: {
      kind: 'integer',
      optional: true,
      says: 'Get messages from this id to the last message or the message_to value',
    },
    message_to: {
      kind: 'integer',
      optional: true,
      says: 'Get messages from the first message or message_from value to this id',
    },
  },
  answer: Type.Object({
    time: epoch('Time on the server'),
    messages: Type.Array(shownMessage, { description: 'The messages' }),
  }),
  errors: { MISSING_FIELDS: { subtype: 'fields' }, INVALID_NUMBER: {}, MEMBER_LOOKUP_FAILED: {} },
  async handle({ runtime, session, params }) {
    const membership = await membershipOf(runtime, session, params.number);
    const found = await readMessages(runtime.db, {
      membershipId: membership.member.id,
      groupId: membership.roster.group.id,
      from: params.message_id ?? params.message_from ?? null,
      to: params.message_id ?? params.message_to ?? null,
      limit: PAGE,
    });
    return { time: Math.floor(Date.now() / 1000), messages: showMessages(runtime, membership, found) };
  },
});
