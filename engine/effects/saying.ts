import type { NewMessage } from '../../db/messages/messages.ts';
import type { Effect } from '../rules/effects.ts';
import type { Act } from './act.ts';
import { rosterOf } from './context.ts';

export type Say = Extract<Effect, { kind: 'say' }>;

/** The message that an act keeps, under the id that it has in its group. */
export function toMessage(act: Act, { text, media, toId, cc }: Say, messageId: number): NewMessage {
  const { id: groupId, version } = rosterOf(act).group;
  return { groupId, messageId, senderId: act.by.membershipId, version, text, media, toId, cc, now: act.now };
}

/** The owner hears later what became of it. */
export function isDigested(act: Act, { toId }: Say): boolean {
  const { digest, replyToOwner } = rosterOf(act).group;
  return digest && replyToOwner && toId === null;
}
