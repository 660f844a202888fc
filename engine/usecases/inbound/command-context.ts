import { accountsOf } from '../../../db/billing/accounts.ts';
import { sumLedger } from '../../../db/billing/ledger.ts';
import { listAwaiting } from '../../../db/groups/approvals.ts';
import { findArrival } from '../../../db/groups/arrivals.ts';
import { readLists } from '../../../db/groups/lists.ts';
import { findOffer } from '../../../db/groups/owner-offers.ts';
import { readVotes } from '../../../db/groups/polls.ts';
import { listSchedules } from '../../../db/groups/schedules.ts';
import { findHeldText } from '../../../db/messages/held-texts.ts';
import { countMessagesOf } from '../../../db/messages/message-counts.ts';
import { readQuotable, readRecent } from '../../../db/messages/message-reading.ts';
import { newInviteCode } from '../../people/secrets.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { mentionIn } from '../../rules/addressee.ts';
import type { CommandContext, Month, RequiredData } from '../../rules/command-context.ts';
import { requiredDataOf } from '../../rules/commands.ts';
import { asksFirst } from '../../rules/consent.ts';
import { isNo, isSend, isYes } from '../../rules/keywords.ts';
import { heardFrom } from '../../rules/languages/language.ts';
import { isOwnerLost } from '../../rules/membership.ts';
import { isSuspended } from '../../rules/money.ts';
import type { OpenPoll } from '../../rules/polls.ts';
import { findQuoted } from '../../rules/reactions.ts';
import type { Membership, Said } from '../../rules/types.ts';
import { asksWho } from '../../rules/who-is-this.ts';

/** What a member’s text asks for beyond the roster; one that asks for nothing, as nearly all do, costs nothing. */
export async function loadCommandContext(
  runtime: Runtime,
  membership: Membership,
  said: Said,
  { poll, now }: { poll: OpenPoll | null; now: Date },
): Promise<CommandContext> {
  const { config } = runtime;
  const need = needOf(said, membership);
  const bare: CommandContext = {
    now: now.getTime(),
    phones: phonesOf(runtime),
    defaultZone: config.DEFAULT_ZONE,
    legalHours: config.LEGAL_HOURS,
    serviceNumber: config.SERVICE_NUMBER,
    maxMembers: config.MAX_MEMBERS,
    forwardedCalls: config.FORWARDED_CALLS_PER_DAY,
    asksFirst: asksFirst(config.CONSENT, { joins: false, agreed: false }),
    messages: null,
    account: null,
    month: null,
    offer: null,
    quoted: null,
    held: null,
    schedules: null,
    awaiting: null,
    lists: null,
    poll,
    votes: null,
    recent: null,
    arrival: null,
    newCode: null,
  };
  return need === null ? bare : { ...bare, ...(await loaders[need](runtime, membership, { said, poll, now })) };
}

function needOf({ text, reaction }: Said, membership: Membership): RequiredData | null {
  const heard = heardFrom({ own: membership.member.language, group: membership.roster.group.language });
  if (reaction !== null) return 'quoted';
  if (isSend(text, heard)) return 'held';
  if (isYes(text, heard) || isNo(text, heard)) return 'offer';
  if (mentionIn(text) !== null) return 'lists';
  return asksWho(text) ? 'arrival' : requiredDataOf(text, membership);
}

/** A SEND on the next day means something else. */
const HELD_MS = 6 * 3_600_000;
/** Of the newest messages; nobody scrolls further back to like one. */
const QUOTED_AMONG = 200;

/** Enough to find some that are liked, or the last that was for all. */
const RECENT = 50;

/** How the phones of our members are read. */
export function phonesOf({ config }: Runtime): CommandContext['phones'] {
  return { defaultRegion: config.DEFAULT_REGION, allowedCountries: config.ALLOWED_COUNTRIES };
}

const loaders: Record<
  RequiredData,
  (
    runtime: Runtime,
    membership: Membership,
    of: { said: Said; poll: OpenPoll | null; now: Date },
  ) => Promise<Partial<CommandContext>>
> = {
  async messages({ db }, { member }) {
    const counts = await countMessagesOf(db, member.personId);
    return { messages: counts.find(({ number }) => number === member.number)?.count ?? 0 };
  },
  account: loadAccount,
  async month(runtime, membership, { now }) {
    const account = await loadAccount(runtime, membership);
    return { ...account, month: await loadMonth(runtime, membership, now) };
  },
  async offer({ db }, { roster, member }, { now }) {
    const { id: membershipId, personId } = member;
    const found = await findOffer(db, { groupId: roster.group.id, membershipId, personId, now });
    return { offer: found === undefined || (found.lost && !isOwnerLost(roster)) ? null : found };
  },
  async quoted({ db }, { roster, member }, { said }) {
    if (said.reaction === null) return {};
    const which = { membershipId: member.id, groupId: roster.group.id, limit: QUOTED_AMONG };
    const found = findQuoted(said.reaction, await readQuotable(db, which), member.id);
    return { quoted: found?.id ?? null };
  },
  async held({ db }, { member }, { now }) {
    const found = await findHeldText(db, { memberId: member.id, since: new Date(now.getTime() - HELD_MS) });
    return { held: found ?? null };
  },
  async schedules({ db }, { roster }) {
    return { schedules: await listSchedules(db, roster.group.id) };
  },
  async awaiting({ db }, { roster }) {
    return { awaiting: await listAwaiting(db, roster.group.id) };
  },
  async lists({ db }, { roster }) {
    return { lists: await readLists(db, roster.group.id) };
  },
  async votes({ db }, _, { poll }) {
    return poll === null ? {} : { votes: await readVotes(db, poll.id) };
  },
  async headCount({ db }, { roster }, { poll }) {
    const schedules = await listSchedules(db, roster.group.id);
    return poll === null ? { schedules } : { schedules, votes: await readVotes(db, poll.id) };
  },
  async recent({ db }, { roster, member }) {
    return { recent: await readRecent(db, { membershipId: member.id, groupId: roster.group.id, limit: RECENT }) };
  },
  async arrival({ db }, { roster, member }) {
    const { id: membershipId, personId } = member;
    const found = await findArrival(db, { membershipId, personId, groupId: roster.group.id });
    return { arrival: found ?? null };
  },
  async code() {
    return { newCode: newInviteCode() };
  },
};

async function loadAccount({ db }: Runtime, { roster }: Membership): Promise<Pick<CommandContext, 'account'>> {
  const { ownerPersonId } = roster.group;
  const account = (await accountsOf(db, [ownerPersonId])).get(ownerPersonId);
  if (account === undefined) return { account: null };
  return { account: { type: account.type, balance: account.balance, suspended: isSuspended(account) } };
}

async function loadMonth({ db }: Runtime, { roster }: Membership, now: Date): Promise<Month> {
  const since = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  return { since, sums: await sumLedger(db, { personId: roster.group.ownerPersonId, since }) };
}
