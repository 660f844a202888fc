import { findPerson } from '../../db/people/people.ts';
import type { CallAnswer, CallNews } from '../carriers/carrier.ts';
import { findMembership, isGroupSuspended } from '../groups/membership.ts';
import { take } from '../people/tries.ts';
import { brandOf } from '../platform/brand-settings.ts';
import { DomainError } from '../platform/errors.ts';
import { type CallEnd, countEvents } from '../platform/events.ts';
import type { Logger } from '../platform/logger.ts';
import type { Runtime } from '../platform/runtime.ts';
import { withTimeLimit } from '../platform/time-limit.ts';
import { publicUrlOf, webhookPaths } from '../platform/webhook-urls.ts';
import type { CarrierName } from '../rules/carriers.ts';
import { type Language, languageOf, speakIn } from '../rules/languages/index.ts';
import { languageOfMember } from '../rules/membership.ts';
import { readPhone } from '../rules/phone.ts';
import { spokenTexts } from '../rules/spoken.ts';
import type { Membership } from '../rules/types.ts';
import { phonesOf } from './inbound/command-context.ts';
import { isOurs, ourNumber } from './inbound/number-cache.ts';

/**
 * What becomes of a call to one of our numbers. Where a member calls, and their group forwards calls, the phone that its owners named
 * rings; everybody else hears what the number is for, in the language in which we text them, and so does everybody, in English, while
 * MySQL or Redis does not answer: nobody is forwarded uncounted, because each call costs money.
 */
export async function answerCall(
  runtime: Runtime,
  call: CallNews,
  at: { carrier: CarrierName; log: Logger },
): Promise<CallAnswer> {
  if (call.ended === 'over') return { kind: 'hangUp' };
  const answer = await decide(runtime, call, at);
  const end: CallEnd = answer.kind === 'forward' ? 'forwarded' : call.ended === 'missed' ? 'missed' : 'told';
  countEvents(runtime, { [`call:${end}`]: 1 });
  return answer;
}

async function decide(
  runtime: Runtime,
  { from, to, ended }: CallNews,
  { carrier, log }: { carrier: CarrierName; log: Logger },
): Promise<CallAnswer> {
  const brand = brandOf(runtime.config);
  const say = (language: Language): CallAnswer => ({
    kind: 'say',
    language,
    words: speakIn(language, () => (ended === 'missed' ? spokenTexts.missed() : spokenTexts.answer(brand))),
  });
  if (from === null || to === null) return say('en');
  const found = findAnswer(runtime, { from, to, ended, carrier, log }, say).catch((error: unknown) => {
    log.warn({ reason: String(error) }, 'a call was not forwarded: something is unavailable');
    return null;
  });
  return (await withTimeLimit(FIND_MS, found, () => null)) ?? say('en');
}

/** A caller who hears nothing for longer hangs up. */
const FIND_MS = 2_500;
/** Before a mailbox picks up, at most phones. */
const RING_SECONDS = 25;

type Call = { from: string; to: string; ended: CallNews['ended']; carrier: CarrierName; log: Logger };

async function findAnswer(
  runtime: Runtime,
  call: Call,
  say: (language: Language) => CallAnswer,
): Promise<CallAnswer | null> {
  const { from, to, ended, carrier } = call;
  // One carrier's key opens nothing of another's.
  if ((await ourNumber(runtime, to))?.carrier !== carrier) return null;
  const membership = await findMembership(runtime, { phone: from, number: to });
  if (membership === null) {
    const person = await findPerson(runtime.db, from);
    return say(languageOf({ own: person?.language ?? null, group: null }));
  }
  return (ended === null ? await findForward(runtime, call, membership) : null) ?? say(languageOfMember(membership));
}

async function findForward(
  runtime: Runtime,
  { from, to, carrier, log }: Call,
  membership: Membership,
): Promise<CallAnswer | null> {
  const { FORWARDED_CALLS_PER_DAY: most, FORWARDED_CALL_MINUTES: minutes, PUBLIC_URL } = runtime.config;
  const phone = most === 0 ? null : await findPhone(runtime, membership);
  if (phone === null || phone === from) return null;
  const { group } = membership.roster;
  if (!(await isCounted(runtime, { groupId: group.id, phone, log }))) return null;
  log.info({ groupId: group.id }, 'a call was forwarded');
  return {
    kind: 'forward',
    to: phone,
    callerId: await callerIdFor(runtime, membership, { phone, to, carrier }),
    ringSeconds: RING_SECONDS,
    limitSeconds: minutes * 60,
    askAt: publicUrlOf(PUBLIC_URL, webhookPaths(carrier, 'call')[0]),
  };
}

/** The phone that may ring now for this caller; the same rule as of texts, as far as it concerns a call. */
async function findPhone(runtime: Runtime, { roster, member }: Membership): Promise<string | null> {
  const { forwardTo, paused, ownerPersonId } = roster.group;
  if (forwardTo === null || paused || member.left || member.blocked) return null;
  // The countries that are allowed may have been changed, and so may our numbers.
  if (readPhone(forwardTo, phonesOf(runtime)) === null || (await isOurs(runtime, forwardTo))) return null;
  if (roster.members.some(({ phone, left, owner }) => phone === forwardTo && left && !owner)) return null;
  const person = await findPerson(runtime.db, forwardTo);
  if (person !== undefined && person.blockedAt !== null) return null;
  return (await isGroupSuspended(runtime, ownerPersonId)) ? null : forwardTo;
}

/** Counts a call that is about to be forwarded; false where it would be one too many. */
async function isCounted(
  runtime: Runtime,
  { groupId, phone, log }: { groupId: number; phone: string; log: Logger },
): Promise<boolean> {
  for (const [limit, key, end] of [
    ['forwards:group', String(groupId), 'group_limit'],
    ['forwards:phone', phone, 'phone_limit'],
    ['forwards:all', 'all', 'system_limit'],
  ] as const) {
    try {
      await take(runtime, limit, key, 'UNAVAILABLE');
    } catch (refused) {
      if (!(refused instanceof DomainError) || refused.subtype !== 'limit') throw refused;
      log.info({ groupId, limit: end }, 'a call was not forwarded: too many were');
      countEvents(runtime, { [`call:${end}`]: 1 });
      return false;
    }
  }
  return true;
}

/**
 * Carriers take a number of ours alone. A member's phone sees the one that it knows the group by, if that is at this carrier, for
 * the one that was called may stand for another group there.
 */
async function callerIdFor(
  runtime: Runtime,
  { roster }: Membership,
  { phone, to, carrier }: { phone: string; to: string; carrier: CarrierName },
): Promise<string> {
  const known = roster.members.find((member) => member.phone === phone)?.number;
  const number = known === undefined ? undefined : await ourNumber(runtime, known);
  return number?.carrier === carrier ? number.phone : to;
}
