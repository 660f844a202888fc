import { createHash } from 'node:crypto';
import { moveReserved } from '../../db/billing/accounts.ts';
import { transact } from '../../db/connect.ts';
import { findInboundGroup, type InboundRow, insertMissing } from '../../db/messages/inbound-texts.ts';
import { findOfOrigin, type Origin } from '../../db/messages/messages.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Effect } from '../rules/effects.ts';
import type { Act } from './act.ts';

/*
 * What a text leaves may be in two halves, on two servers: its guard against repeats with what is reserved for it, and its message. Where
 * one is lost the carrier was told that the text was not taken, and brings it again. Then it finds the other half here.
 */

/** What names the text of an act in its group; null where no carrier brings it again, or there is no group. */
export function originOf({ inbound, roster }: Pick<Act, 'inbound' | 'roster'>): Origin | null {
  if (inbound === null || inbound.isCall === true || roster === null) return null;
  const hash = createHash('sha256').update(inbound.carrierId).digest();
  return { origin: hash.subarray(0, ORIGIN_BYTES), groupId: roster.group.id };
}
const ORIGIN_BYTES = 12;

/**
 * Whether an act leaves nothing on the other side but its guard and what it reserves, or what may be lost (how many answers somebody
 * got): then its message says that all of it was done.
 */
export function isOfGroupAlone({ effects }: Pick<Act, 'effects'>): boolean {
  return effects.every(({ kind }) => GROUP_ALONE.has(kind));
}
const GROUP_ALONE: ReadonlySet<Effect['kind']> = new Set([
  'say',
  'answer',
  'mute',
  'unmute',
  'schedule',
  'unschedule',
  'setHeadCount',
  'askApproval',
  'decline',
  'makeList',
  'changeList',
  'dropList',
  'openPoll',
  'vote',
  'closePoll',
]);

/** Nearly all that is done. */
export function isPlainSaying({ effects }: Pick<Act, 'effects'>): boolean {
  return effects.length === 1 && effects[0]?.kind === 'say';
}

/** The guard of an inbound text. */
export function guardOf({ inbound, now }: Act, groupId: number | null): InboundRow[] {
  return inbound === null ? [] : [{ ...inbound, groupId, now }];
}

/** A text whose guard is there: whether the message is not that it left. */
export async function isMessageLost({ db }: Runtime, act: Act): Promise<boolean> {
  const groupId = act.inbound === null ? null : await findInboundGroup(db, act.inbound.carrierId);
  const origin = originOf(act);
  return groupId !== null && origin !== null && (await findOfOrigin(db, { ...origin, groupId })) === undefined;
}

/** A text whose message is there: keeps its guard, and reserves for it, where these are not there. */
export async function completeGuard({ db }: Runtime, act: Act): Promise<void> {
  const origin = originOf(act);
  const message = origin === null ? undefined : await findOfOrigin(db, origin);
  const [guard] = guardOf(act, origin?.groupId ?? null);
  if (message === undefined || guard === undefined) return;
  const { payerId, held, acceptedAt } = message;
  // Guards are deleted after years: then nothing is lost.
  const isNew = act.now.getTime() - acceptedAt.getTime() < COMPLETED_WITHIN_MS;
  await transact(db, async (tx) => {
    const wasMissing = await insertMissing(tx, guard);
    if (wasMissing && isNew && payerId !== null && held !== null) await moveReserved(tx, new Map([[payerId, held]]));
  });
}
/** Longer than carriers bring a text again. */
const COMPLETED_WITHIN_MS = 24 * 3_600_000;
