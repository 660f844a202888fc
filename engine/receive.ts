import { findPlace } from '../db/groups.ts';
import { isKnownInbound } from '../db/messages.ts';
import { findNumber, ourNumbersAmong } from '../db/numbers.ts';
import { meetPerson } from '../db/people.ts';
import type { InboundText } from './carriers/carrier.ts';
import type { Logger } from './logger.ts';
import { perform } from './perform.ts';
import { cleanMessage } from './rules/names.ts';
import { readAnyPhone } from './rules/phone.ts';
import { route, type Sender } from './rules/route.ts';
import type { Standing } from './rules/types.ts';
import type { Runtime } from './runtime.ts';
import { isGroupSuspended, standAt } from './standing.ts';

/**
 * The carrier brought a text. When this answers, what it asks for is committed, or it was here before, or it asks for
 * nothing. Throws where it could not be kept: then the carrier is to bring it again.
 */
export async function receive(runtime: Runtime, text: InboundText, log: Logger): Promise<void> {
  const ids = { carrierId: text.carrierId };
  if (await isKnownInbound(runtime.db, text.carrierId)) return log.info(ids, 'a text came again');
  const from = readAnyPhone(text.from);
  const number = await findNumber(runtime.db, text.to);
  if (from === null || number === undefined)
    return log.warn(ids, 'a text from no phone or to no number of ours was dropped');
  if ((await ourNumbersAmong(runtime.db, [from])).size > 0)
    return log.warn(ids, 'a text from one of our own numbers was dropped');
  for (let tries = 1; ; tries++) {
    const performed = await decide(runtime, { ...text, from }, number);
    if (performed !== 'stale') return log.info(ids, performed === 'done' ? 'a text was taken' : 'a text came again');
    if (tries === DECISIONS) throw new Error('the group changed faster than its texts could be routed');
  }
}

/** Each try sees a newer roster, so more than two are rare. */
const DECISIONS = 20;

async function decide(
  runtime: Runtime,
  text: InboundText,
  number: { id: number; phone: string; kind: 'pool' | 'service' },
) {
  const now = new Date();
  const person = await meetPerson(runtime.db, text.from, now);
  const { sender, standing } = await findSender(runtime, text, number.kind);
  const said = { text: cleanMessage(text.text), media: text.media, cc: false };
  const effects = route({ said, sender, blocked: person.blockedAt !== null, intent: text.intent });
  return perform(runtime, {
    by: { personId: person.id, membershipId: standing?.member.id ?? null, numberId: number.id },
    roster: standing?.roster ?? null,
    effects,
    inbound: { carrierId: text.carrierId, phone: text.from, number: text.to },
    now,
  });
}

async function findSender(
  runtime: Runtime,
  text: InboundText,
  kind: 'pool' | 'service',
): Promise<{ sender: Sender; standing: Standing | null }> {
  if (kind === 'service') return { sender: { kind: 'service' }, standing: null };
  const place = await findPlace(runtime.db, { phone: text.from, number: text.to });
  const standing = place === undefined || place.state === 'deleted' ? null : await standAt(runtime, place);
  if (place === undefined || standing === null) return { sender: { kind: 'stranger' }, standing: null };
  if (place.state === 'active') {
    return {
      sender: { kind: 'member', standing, suspended: await isGroupSuspended(runtime, place.ownerId) },
      standing,
    };
  }
  if (!standing.member.owner) return { sender: { kind: 'stranger' }, standing: null };
  return { sender: { kind: 'creator', group: standing.roster.group.name }, standing };
}
