import { type Static, Type } from '@sinclair/typebox';
import type { ReadMessage } from '../db/messages/message-reading.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { membersShownTo } from '../engine/rules/membership.ts';
import type { Membership } from '../engine/rules/types.ts';
import { saidMessage } from '../engine/usecases/said-message.ts';
import { count, epoch, phone, text } from './schemas.ts';

/** A message as those read it whom it is for. */
export const shownMessage = Type.Object(
  {
    id: count('Id of the message, a sequential integer starting at 1'),
    txt: text('Text of the message'),
    from: Type.Optional(phone('Who said it, where /member/groups lists them to the caller')),
    name: Type.Optional(text('The name that the text begins with, or the number of who has none')),
    time: epoch('Time the message was sent'),
    gone: Type.Optional(
      Type.Literal(1, { description: '1 where the text was deleted, because it had been kept long enough' }),
    ),
    media: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'Addresses of its media, where it has any; at most 10. What apps uploaded has another one each day, good for 3 to 4 days',
      }),
    ),
    reactions: Type.Optional(
      Type.Array(
        Type.Object({
          reaction: text('An emoji'),
          count: count('How many members reacted with it'),
        }),
        { description: 'What members’ handsets reacted with, where any did; the most frequent first' },
      ),
    ),
  },
  { title: 'Message' },
);

/** Shows messages to a member. A sender whom the list of members would not show has no number here either. */
export function showMessages(
  { config }: Runtime,
  membership: Membership,
  messages: readonly ReadMessage[],
): Static<typeof shownMessage>[] {
  const phones = new Map(membersShownTo(membership).map((member) => [member.id, member.phone]));
  return messages.map((message) => ({
    ...saidMessage(config, message, phones.get(message.senderId ?? 0)),
    ...(message.reactions.length > 0 ? { reactions: message.reactions } : {}),
  }));
}
