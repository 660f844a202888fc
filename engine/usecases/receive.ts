import type { MemberContext } from '../../db/groups/groups.ts';
import type { OurNumber } from '../../db/groups/numbers.ts';
import { findStillBlocked } from '../../db/people/blocks.ts';
import { ensurePerson, type Person } from '../../db/people/people.ts';
import type { InboundText } from '../carriers/carrier.ts';
import type { Performed, Requested } from '../effects/act.ts';
import { performOrAnswer } from '../effects/answers.ts';
import { readMembership } from '../groups/membership.ts';
import { recall } from '../people/forgotten.ts';
import { brandOf } from '../platform/brand-settings.ts';
import { decideAgain } from '../platform/decide-again.ts';
import type { Logger } from '../platform/logger.ts';
import type { Runtime } from '../platform/runtime.ts';
import { languageOf } from '../rules/languages/language.ts';
import { canPay } from '../rules/money.ts';
import { cleanMessage } from '../rules/names.ts';
import { mayStart } from '../rules/obey-keyword.ts';
import { readAnyPhone, readPhone } from '../rules/phone.ts';
import type { OpenPoll } from '../rules/polls.ts';
import { readReaction } from '../rules/reactions.ts';
import { route, type Sender } from '../rules/route.ts';
import { readServiceText } from '../rules/service-commands.ts';
import type { Roster, Said } from '../rules/types.ts';
import { loadCommandContext, phonesOf } from './inbound/command-context.ts';
import { findFlood, hashText } from './inbound/flood-limits.ts';
import { isOurs, ourNumber } from './inbound/number-cache.ts';
import { openPhoneQueue } from './inbound/phone-queue.ts';
import { lookUpSender } from './inbound/sender-lookup.ts';
import { loadServiceContext } from './inbound/service-context.ts';

/**
 * Takes an inbound text from the carrier. Resolves once its effects are committed, or when it was received before or
 * asks for nothing. Throws when it could not be kept, so that the carrier delivers it again.
 */
export async function receive(runtime: Runtime, text: InboundText, { log, requestId }: Source): Promise<void> {
  const ids = { carrierId: text.carrierId };
  const from = readAnyPhone(text.from);
  const number = await ourNumber(runtime, text.to);
  if (from === null || number === undefined)
    return log.warn(ids, 'a text from no phone or to no number of ours was dropped');
  if (await isOurs(runtime, from)) return log.warn(ids, 'a text from one of our own numbers was dropped');
  if (text.mediaLeftOut !== undefined)
    log.warn({ ...ids, leftOut: text.mediaLeftOut }, 'a text had more media than can be passed on');
  const reaction = text.media.length === 0 ? readReaction(text.text) : null;
  const said = { text: cleanMessage(text.text), media: text.media, cc: false, reaction };
  const heard = { carrierId: text.carrierId, from, intent: text.intent, said };
  const request = requestId === undefined ? undefined : { id: requestId, messages: [] };
  const performed = await runtime
    .use(openPhoneQueue)
    .run(from, () => decideAgain(() => decide(runtime, { ...heard, request }, number)));
  const kept = { ...ids, messages: request?.messages };
  log.info(kept, performed === 'done' ? 'a text was received' : 'a text was received again');
}

/** `requestId`: of the webhook. */
type Source = { log: Logger; requestId?: string };

/** An inbound text as it is decided on. */
type Heard = Pick<InboundText, 'carrierId' | 'from' | 'intent'> & { said: Said; request: Requested | undefined };

/** Decides on the current state and performs the decision. */
async function decide(runtime: Runtime, text: Heard, number: OurNumber): Promise<Performed> {
  const now = new Date();
  const hash = hashText(text.said);
  const found = await lookUpSender(runtime, { carrierId: text.carrierId, phone: text.from, numberId: number.id, hash });
  // What is kept of somebody who was forgotten, their STOP, is to be looked up as well.
  if (found === undefined && (await recall(runtime, runtime.db, [text.from])) > 0) return 'stale';
  const { person, blockedByCarrier, memberContext, poll, flood } =
    found === undefined
      ? { ...NOBODY, person: await ensurePerson(runtime.db, text.from, now) }
      : { ...found, flood: await findFlood(runtime, found, { text: text.said.text, now }) };
  const { sender, roster, membershipId } = await findSender(runtime, {
    ...text,
    person,
    memberContext,
    poll,
    number,
    now,
  });
  const blocked = person.blockedAt !== null;
  const chosen = { own: person.language, group: membershipId === null ? null : (roster?.group.language ?? null) };
  const starts = (blocked || blockedByCarrier) && mayStart(text.said.text, { ...text, chosen });
  const pair = { personId: person.id, numberId: number.id };
  const effects = route({
    said: text.said,
    sender,
    blocked,
    blockedByCarrier,
    stillBlocked: starts ? await findStillBlocked(runtime.db, pair) : [],
    intent: text.intent,
    flood,
    brand: brandOf(runtime.config),
    chosen,
  });
  const { performed } = await performOrAnswer(runtime, languageOf(chosen), {
    by: { personId: person.id, membershipId, numberId: number.id },
    cause: { by: 'member', personId: person.id },
    roster,
    effects,
    inbound: { carrierId: text.carrierId, phone: text.from, hash, words: text.said.text },
    request: text.request,
    now,
  });
  return performed;
}

/** Of somebody who texts us for the first time. */
const NOBODY = { blockedByCarrier: false, memberContext: undefined, poll: null, flood: null };

type Arrived = {
  said: Said;
  person: Person;
  memberContext: MemberContext | undefined;
  poll: OpenPoll | null;
  number: OurNumber;
  now: Date;
};
/** The sender of a text, and the group that it concerns. */
type Found = { sender: Sender; roster: Roster | null; membershipId: number | null };

async function findSender(
  runtime: Runtime,
  { said, person, memberContext, poll, number, now }: Arrived,
): Promise<Found> {
  const isMember = memberContext !== undefined && memberContext.state !== 'deleted';
  // A member's phone was checked when it was added.
  if (!isMember && readPhone(person.phone, phonesOf(runtime)) === null) return BARRED;
  // Where MySQL was away at the start, nobody has seen that it is a number of the pool.
  if (number.kind === 'service' || (!isMember && number.phone === runtime.config.SERVICE_NUMBER)) {
    const read = readServiceText(said.text, person.language);
    const context = await loadServiceContext(runtime, { person, text: said.text, read, now });
    return { sender: { kind: 'service', text: read, context }, roster: context.invited, membershipId: null };
  }
  const membership =
    memberContext === undefined || memberContext.state === 'deleted'
      ? null
      : await readMembership(runtime, memberContext);
  if (memberContext === undefined || membership === null) return STRANGER;
  const found = { roster: membership.roster, membershipId: membership.member.id };
  if (memberContext.state === 'active') {
    const suspended = memberContext.account !== null && !canPay(memberContext.account);
    const context = await loadCommandContext(runtime, membership, said, { poll, now });
    return { sender: { kind: 'member', membership, suspended, context }, ...found };
  }
  if (!membership.member.owner) return STRANGER;
  return { sender: { kind: 'creator', group: membership.roster.group.name }, ...found };
}

const STRANGER: Found = { sender: { kind: 'stranger' }, roster: null, membershipId: null };
const BARRED: Found = { sender: { kind: 'barred' }, roster: null, membershipId: null };
