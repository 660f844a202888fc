import { Type } from '@sinclair/typebox';
import { readMessages } from '../../db/messages/message-reading.ts';
import { DomainError } from '../../engine/platform/errors.ts';
import { runsGroup } from '../../engine/rules/permissions.ts';
import { countRecipients, recipientStates } from '../../engine/rules/recipient-states.ts';
import { readRecipientStates } from '../../engine/usecases/recipient-states.ts';
import { endpoint } from '../endpoint.ts';
import { membershipOf } from '../membership-of.ts';
import { showMessages, shownMessage } from '../message-shown.ts';
import { count, phone, text } from '../schemas.ts';

/**
 * Ids count within a group, and a group is named by the number by which the caller reaches it: so the message is named by
 * both, as in /message/get, and no address needs to hold a phone number.
 */
export const messageState = endpoint({
  url: '/v1/messages',
  name: 'getMessageState',
  reads: true,
  summary: 'Get a message and what became of it',
  notes:
    'Who said it gets the counts of its recipients by state, and the owner of the group also each recipient with the reason; everybody else gets the message alone, as by /message/get. A text that has to go out in several parts is failed where one part is. Counts move from waiting to sent, when the carrier has taken the text, to delivered or failed, when it reports. What became of texts is kept as long as the operator chooses (KEEP_DELIVERIES_DAYS); then all counts are 0.',
  session: 'required',
  keys: 'read',
  parameters: {
    number: { kind: 'phone', says: 'The group number', example: '+14445557777' },
    message_id: { kind: 'integer', says: 'The id of the message in its group', example: 1 },
  },
  answer: Type.Object({
    message: shownMessage,
    counts: Type.Optional(
      Type.Object(
        {
          waiting: count('How many recipients it has not gone out to yet'),
          sent: count('How many texts the carrier has taken and not reported on'),
          delivered: count('How many handsets or devices have it'),
          failed: count('How many did not get it'),
          skipped: count('How many were not sent it, because they opted out, muted the group or turned its texts off'),
        },
        { description: 'For its sender and for the owner: its recipients by state' },
      ),
    ),
    recipients: Type.Optional(
      Type.Array(
        Type.Object({
          name: text('Name of the member; empty where they have none'),
          number: Type.Optional(phone('Number of the member, unless they were forgotten since')),
          state: Type.Union(
            recipientStates.map((state) => Type.Literal(state)),
            { description: 'What became of the text' },
          ),
          reason: Type.Optional(
            text(
              'Why it failed or was skipped, where that is known: blocked, muted, sms, batched (told in one text for several) …',
            ),
          ),
          error_code: Type.Optional(Type.Integer({ description: 'The carrier’s code of the failure' })),
        }),
        { description: 'For the owner: each recipient' },
      ),
    ),
  }),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: {},
    MEMBER_LOOKUP_FAILED: {},
    NOT_FOUND: { says: 'There is no message of this id that the caller may read.' },
  },
  async handle({ runtime, session, params: { number, message_id: id } }) {
    const membership = await membershipOf(runtime, session, number);
    const { roster, member } = membership;
    const at = { membershipId: member.id, groupId: roster.group.id, from: id, to: id, limit: 1 };
    const found = await readMessages(runtime.db, at);
    const [row, [message]] = [found[0], showMessages(runtime, membership, found)];
    if (row === undefined || message === undefined) throw new DomainError('NOT_FOUND');
    if (!runsGroup(member) && row.senderId !== member.id) return { message };
    const recipients = await readRecipientStates(runtime, row.rowId);
    const counts = countRecipients(recipients);
    return runsGroup(member) ? { message, counts, recipients: recipients.map(showRecipient) } : { message, counts };
  },
});

function showRecipient({ name, phone: number, state, reason, errorCode }: Recipient) {
  return {
    name: name ?? '',
    // What stands in place of a phone that was forgotten is no number.
    ...(number.startsWith('+') ? { number } : {}),
    state,
    ...(reason === null ? {} : { reason }),
    ...(errorCode === null ? {} : { error_code: errorCode }),
  };
}

type Recipient = Awaited<ReturnType<typeof readRecipientStates>>[number];
