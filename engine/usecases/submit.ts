import { randomUUID } from 'node:crypto';
import { accountsOf } from '../../db/billing/accounts.ts';
import { readOpenPoll } from '../../db/groups/polls.ts';
import { whoGetsPush } from '../delivery/pushes.ts';
import type { CallKey } from '../effects/act.ts';
import { performOrAnswer } from '../effects/answers.ts';
import { isGroupSuspended, readMembership } from '../groups/membership.ts';
import { decideAgain } from '../platform/decide-again.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { recipientsOf, skipReasons } from '../rules/audience.ts';
import { approvalTexts } from '../rules/commands/approvals.ts';
import { isCommand } from '../rules/commands.ts';
import { changesRoster, type Effect } from '../rules/effects.ts';
import { speakIn } from '../rules/languages/index.ts';
import { languageOfMember } from '../rules/membership.ts';
import { canPay } from '../rules/money.ts';
import type { OpenPoll } from '../rules/polls.ts';
import { priceOf } from '../rules/price.ts';
import { readReaction } from '../rules/reactions.ts';
import { routeMember } from '../rules/route-member.ts';
import { prefixed, toGsm } from '../rules/text.ts';
import type { Member, Membership, Said } from '../rules/types.ts';
import { waitOf } from '../rules/waiting.ts';
import { allow } from './allow.ts';
import { loadCommandContext } from './inbound/command-context.ts';
import { findFlood, hashText, SECONDS_COUNTED } from './inbound/flood-limits.ts';
import { ourNumber } from './inbound/number-cache.ts';
import { openPhoneQueue } from './inbound/phone-queue.ts';
import { lookUpSender } from './inbound/sender-lookup.ts';
import { readSentMedia, type Uploads } from './media/sent.ts';

/**
 * Sends what an app submits for a member, by the same rules as a text, and counted with their texts. `text` is already
 * cleaned. Returns `refresh` true for a command that changed something, what a command is answered, and the id of the message
 * that was kept. Throws MEMBER_LOOKUP_FAILED (they are no
 * member, left, or the group ended meanwhile), UNAVAILABLE with Retry-After for a flood, and SUSPENDED.
 */
export async function send(runtime: Runtime, submitted: Submitted): Promise<CallAnswer> {
  const carrierId = `api-${randomUUID()}`;
  return runtime.use(openPhoneQueue).run(submitted.phone, () =>
    decideAgain(async () => {
      const { phone, text, cc, call, requestId } = submitted;
      const now = new Date();
      const hash = hashText({ text, media: (submitted.uploads?.ids ?? []).map(String) });
      const { membership, suspended, poll } = await findSender(runtime, { ...submitted, carrierId, hash, now });
      // Who is no member is told that, whatever else is wrong.
      const sent = await readSentMedia(runtime, submitted.uploads);
      const said = asSaid(text, cc, sent.media);
      const effects = await decide(runtime, { membership, suspended, poll, said, now });
      // What waits for an owner or for its hours waits three days at most.
      if (effects.some(({ kind }) => keepsMedia.has(kind))) await sent.keep();
      const { personId, numberId, id } = membership.member;
      const reply = { text: null };
      const kept = { messageId: null };
      const { performed, changed } = await performOrAnswer(runtime, languageOfMember(membership), {
        by: { personId, numberId, membershipId: id },
        cause: { by: 'member', personId },
        roster: membership.roster,
        effects,
        inbound: { carrierId, phone, hash, words: text, isCall: true },
        now,
        request: requestId === undefined ? undefined : { id: requestId, messages: [] },
        kept,
        ...(call === undefined ? {} : { call }),
        // A message to one member says so, and a broadcast that waits, as a command says what it did.
        ...(isCommand(text) || effects.some(({ kind }) => isAnswered.has(kind)) ? { reply } : {}),
      });
      if (performed === 'stale') return performed;
      return { refresh: changed && effects.some(changesRoster), reply: reply.text, ...kept };
    }),
  );
}

const isAnswered: ReadonlySet<Effect['kind']> = new Set(['answer', 'askApproval']);
const keepsMedia: ReadonlySet<Effect['kind']> = new Set(['say', 'schedule', 'askApproval']);

/** What a call to send is answered, and a repeat of it; `messageId` is not kept of calls before it was answered. */
export type CallAnswer = { refresh: boolean; reply: string | null; messageId?: number | null };

export type Submitted = {
  phone: string;
  number: string;
  text: string;
  cc: boolean;
  uploads?: Uploads | undefined;
  requestId?: string;
  call?: CallKey | undefined;
};

/** Who sends, as a text's sender is looked up. */
async function findSender(
  runtime: Runtime,
  { phone, number, text, carrierId, hash, now }: Submitted & { carrierId: string; hash: Buffer; now: Date },
): Promise<{ membership: Membership; suspended: boolean; poll: OpenPoll | null }> {
  const numberId = (await ourNumber(runtime, number))?.id;
  const found = numberId === undefined ? undefined : await lookUpSender(runtime, { carrierId, phone, numberId, hash });
  const context = found?.memberContext;
  const membership = context?.state === 'active' ? await readMembership(runtime, context) : null;
  if (found === undefined || membership === null) throw new DomainError('MEMBER_LOOKUP_FAILED');
  const flood = await findFlood(runtime, found, { text, now });
  if (flood !== null)
    throw new DomainError('UNAVAILABLE', { subtype: 'flood', retryAfter: SECONDS_COUNTED[flood.kind] });
  return { membership, suspended: context?.account != null && !canPay(context.account), poll: found.poll };
}

/**
 * What sending would do, and nothing of it: to how many phones, how many segments to each, and what all of it costs
 * in pennies; a push costs nothing. A command goes to nobody and costs nothing, but for `*to`. What would wait for the hours of
 * the group or for an owner is counted as if it went out now. `skipped` are those of the group whom it is for and who would not
 * get it. Refuses as `send` does.
 */
export async function preview(
  runtime: Runtime,
  {
    membership,
    text,
    cc,
    uploads,
  }: { membership: Membership; text: string; cc: boolean; uploads?: Uploads | undefined },
): Promise<Preview> {
  const now = new Date();
  const { media } = await readSentMedia(runtime, uploads);
  const suspended = await isGroupSuspended(runtime, membership.roster.group.ownerPersonId);
  const poll = await readOpenPoll(runtime.db, membership.roster.group.id);
  const effects = await decide(runtime, { membership, suspended, poll, said: asSaid(text, cc, media), now });
  const say = effects.find((effect) => effect.kind === 'say') ?? laterIn(runtime, effects, { membership, text, now });
  const reply = isCommand(text) || effects.some(({ kind }) => kind === 'say') ? null : waitReply(effects, membership);
  if (say === undefined) return { recipients: 0, segments: 0, cost: 0, skipped: [], reply };
  const { roster, member } = membership;
  const all = recipientsOf(roster, { ...say, senderId: member.id }, now.getTime());
  const recipients = all.filter(({ skip }) => skip === null);
  const left = roster.members.filter((one) => one.left && (say.toId === null || say.toId === one.id));
  const pushed = await whoGetsPush(
    runtime,
    recipients.map((one) => one.member),
  );
  const { PRICE_PER_SEGMENT: pricePerSegment, PRICE_PER_MMS: pricePerMms } = runtime.config;
  const { segments, cost } = priceOf({ ...say, pricePerSegment, pricePerMms });
  const account = (await accountsOf(runtime.db, [roster.group.ownerPersonId])).get(roster.group.ownerPersonId);
  const isFree = account === undefined || account.type === 'F';
  return {
    recipients: recipients.length,
    segments,
    cost: isFree ? 0 : (recipients.length - pushed.size) * cost,
    skipped: [
      ...all.flatMap(({ member: one, skip }) => (skip === null ? [] : [{ member: one, reason: skip }])),
      ...left.map((one) => ({ member: one, reason: 'left' as const })),
    ],
    reply,
  };
}

/** `reply`: what we would answer to a text that does not go out at once. */
export type Preview = { recipients: number; segments: number; cost: number; skipped: Skipped[]; reply: string | null };
export const skippedReasons = [...skipReasons, 'left'] as const;
export type Skipped = { member: Member; reason: (typeof skippedReasons)[number] };

/** What would go to all later, as it would be said then. */
function laterIn(
  { config }: Runtime,
  effects: readonly Effect[],
  { membership, text, now }: { membership: Membership; text: string; now: Date },
) {
  const later = effects.find(({ kind }) => kind === 'schedule' || kind === 'askApproval');
  if (isCommand(text) || (later?.kind !== 'schedule' && later?.kind !== 'askApproval')) return undefined;
  const { DEFAULT_ZONE: defaultZone, LEGAL_HOURS: legalHours } = config;
  const { words } = waitOf(later, membership, { now: now.getTime(), defaultZone, legalHours, toId: null });
  return { ...later, toId: null, listed: null, text: toGsm(prefixed({ ...membership.member, text: words })) };
}

function waitReply(effects: readonly Effect[], membership: Membership): string | null {
  const { name: group } = membership.roster.group;
  if (effects.some(({ kind }) => kind === 'askApproval'))
    return speakIn(languageOfMember(membership), () => approvalTexts.waitsForOwner({ group }));
  const answers = effects.flatMap((effect) => (effect.kind === 'answer' ? [effect.text] : []));
  return answers.length === 0 ? null : answers.join('\n');
}

function asSaid(text: string, cc: boolean, media: readonly string[]): Said {
  return { text, media, cc, reaction: readReaction(text) };
}

/** What a call wants done, or why it cannot be. */
async function decide(runtime: Runtime, { membership, suspended, poll, said, now }: Decision): Promise<Effect[]> {
  const context = await loadCommandContext(runtime, membership, said, { poll, now });
  const effects = routeMember(said, { membership, suspended, context });
  if (isCommand(said.text)) return effects;
  allow('say', membership);
  if ((suspended || membership.roster.group.paused) && effects.some(({ kind }) => kind === 'hint'))
    throw new DomainError('SUSPENDED');
  return effects;
}

type Decision = { membership: Membership; suspended: boolean; poll: OpenPoll | null; said: Said; now: Date };
