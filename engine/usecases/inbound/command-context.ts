import { accountsOf } from '../../../db/billing/accounts.ts';
import { sumLedger } from '../../../db/billing/ledger.ts';
import { findOffer } from '../../../db/groups/owner-offers.ts';
import { countMessagesOf } from '../../../db/messages/message-reading.ts';
import { newInviteCode } from '../../people/secrets.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { needOf } from '../../rules/commands.ts';
import type { Facts, Month, Need } from '../../rules/facts.ts';
import { isNo, isYes } from '../../rules/keywords.ts';
import { isSuspended } from '../../rules/money.ts';
import type { Standing } from '../../rules/types.ts';

/** What a member’s text asks for beyond the roster; one that asks for nothing, as nearly all do, costs nothing. */
export async function loadFacts(runtime: Runtime, standing: Standing, text: string, now: Date): Promise<Facts> {
  const { config } = runtime;
  const need: Need | null = isYes(text) || isNo(text) ? 'offer' : needOf(text);
  const bare: Facts = {
    now: now.getTime(),
    phones: phonesOf(runtime),
    serviceNumber: config.SERVICE_NUMBER,
    maxMembers: config.MAX_MEMBERS,
    messages: null,
    account: null,
    month: null,
    offer: null,
    newCode: null,
  };
  return need === null ? bare : { ...bare, ...(await loaders[need](runtime, standing, now)) };
}

/** How the phones of our members are read. */
export function phonesOf({ config }: Runtime): Facts['phones'] {
  return { defaultRegion: config.DEFAULT_REGION, allowedCountries: config.ALLOWED_COUNTRIES };
}

const loaders: Record<Need, (runtime: Runtime, standing: Standing, now: Date) => Promise<Partial<Facts>>> = {
  async messages({ db }, { member }) {
    const counts = await countMessagesOf(db, member.personId);
    return { messages: counts.find(({ number }) => number === member.number)?.count ?? 0 };
  },
  account: loadAccount,
  async month(runtime, standing, now) {
    const account = await loadAccount(runtime, standing);
    return { ...account, month: await loadMonth(runtime, standing, now) };
  },
  async offer({ db }, { roster, member }, now) {
    const found = await findOffer(db, { groupId: roster.group.id, membershipId: member.id, now });
    return { offer: found ?? null };
  },
  async code() {
    return { newCode: newInviteCode() };
  },
};

async function loadAccount({ db }: Runtime, { roster }: Standing): Promise<Pick<Facts, 'account'>> {
  const { ownerPersonId } = roster.group;
  const account = (await accountsOf(db, [ownerPersonId])).get(ownerPersonId);
  if (account === undefined) return { account: null };
  return { account: { type: account.type, balance: account.balance, suspended: isSuspended(account) } };
}

async function loadMonth({ db }: Runtime, { roster }: Standing, now: Date): Promise<Month> {
  const since = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const name = since.toLocaleString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return { name, sums: await sumLedger(db, { personId: roster.group.ownerPersonId, since }) };
}
