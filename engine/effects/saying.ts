import type { NewMessage } from '../../db/messages/messages.ts';
import { type Hold, mostItCosts } from '../billing/holds.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Effect } from '../rules/effects.ts';
import type { Act } from './act.ts';
import { rosterOf } from './context.ts';

export type Say = Extract<Effect, { kind: 'say' }>;

/** Returns the message row of an act, under its id in the group and with the account that pays for it. */
export function toMessage(
  act: Act,
  { text, media, toId, cc }: Say,
  kept: Pick<NewMessage, 'messageId' | 'payerId' | 'held' | 'origin'>,
): NewMessage {
  const { id: groupId, version, tag } = rosterOf(act).group;
  const requestId = act.request?.id ?? null;
  return {
    ...kept,
    groupId,
    senderId: act.by.membershipId,
    version,
    tag,
    text,
    media,
    toId,
    cc,
    requestId,
    now: act.now,
  };
}

/** What is reserved of the payer for what an act says. */
export function holdOf(runtime: Runtime, act: Act, effect: Say, payerId: number | null): Hold {
  const said = { ...effect, senderId: act.by.membershipId };
  return { payerId, price: payerId === null ? 0 : mostItCosts(runtime, rosterOf(act), said, act.now) };
}

/** Returns whether the owner gets a digest of this message. */
export function isDigested(act: Act, { toId }: Say): boolean {
  const { digest, replyToOwner } = rosterOf(act).group;
  return digest && replyToOwner && toId === null;
}
