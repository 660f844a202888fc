import { accountsOf } from '../../db/billing/accounts.ts';
import { type Tx, transact } from '../../db/connect.ts';
import {
  countFirstTexts,
  findProofs,
  type HeldText,
  holdOn,
  lockBudgets,
  lockHeld,
  type NewFirstText,
  releaseHeld,
} from '../../db/messages/first-texts.ts';
import { DomainError } from '../platform/errors.ts';
import { fingerprint } from '../platform/keyed-hash.ts';
import type { Runtime } from '../platform/runtime.ts';
import {
  type Budget,
  budgetNames,
  type Cause,
  type Empty,
  type FirstText,
  limitsOf,
  networkOf,
  prefixOf,
  takeFirstTexts,
} from '../rules/budgets.ts';
import { findKnownEmpty, rememberEmpty } from './empty-budgets.ts';
import { noteExhausted } from './exhausted.ts';
import type { Addressee, WrittenMessage } from './system-message.ts';

/** A system message as it is written: what is a first text of it is counted, or waits until `retryAt`. */
export type Planned = { message: WrittenMessage; first: readonly Who[]; retryAt: Date | null };
type Who = Omit<NewFirstText, 'messageId' | 'retryAt'>;

/**
 * Parts what may go out now from what has to wait for a budget. Throws what the cause is refused with where a stranger
 * causes more than the budgets hold. MySQL counts, under a lock that is held until the caller's transaction ends: neither
 * an empty Redis nor many calls at once make room.
 */
export async function planFirstTexts(
  runtime: Runtime,
  tx: Tx,
  { cause, messages, now }: { cause: Cause; messages: readonly WrittenMessage[]; now: Date },
): Promise<Planned[]> {
  const written = messages.filter(({ to }) => to.length > 0);
  const counted = isUnlimited(runtime) ? [] : await findCounted(tx, written, cause);
  if (counted.length === 0) return written.map((message) => ({ message, first: [], retryAt: null }));
  const isTrial = cause.by !== 'member' || (await hasTrial(tx, cause.personId));
  const firsts = counted.map((one) => ({ ...one, who: whoOf(runtime, cause, one) }));
  if (cause.by === 'stranger') {
    const asked = firsts.filter(({ message }) => message.news !== true);
    const known = asked.map(({ who }) => findKnownEmpty(runtime, subjectsOf(who), now));
    noteExhausted(runtime, known);
    refuseBeyond(cause, known, now);
  }
  await lockBudgets(tx);
  const verdicts = await take(
    runtime,
    tx,
    firsts.map(({ who }) => ({ ...who, isTrial })),
    now,
  );
  noteExhausted(runtime, verdicts);
  const [only] = firsts;
  const [found = null] = verdicts;
  if (firsts.length === 1 && only !== undefined && found !== null) rememberEmpty(runtime, subjectsOf(only.who), found);
  if (cause.by === 'stranger')
    refuseBeyond(
      cause,
      verdicts.filter((_, at) => firsts[at]?.message.news !== true),
      now,
    );
  return written.flatMap((message) => {
    const own = firsts.flatMap((one, at) => (one.message === message ? [{ ...one, empty: verdicts[at] ?? null }] : []));
    const others = message.to.filter((addressee) => !own.some((one) => one.addressee === addressee));
    const free = own.filter(({ empty }) => empty === null);
    const plan = (to: readonly Addressee[], first: readonly Who[], retryAt: Date | null): Planned[] => {
      if (to.length === 0) return [];
      // No first text stands before a PIN or an answer.
      return [{ message: { ...message, to, urgent: message.urgent && first.length === 0 }, first, retryAt }];
    };
    return [
      ...plan(others, [], null),
      ...plan(
        free.map(addresseeOf),
        free.map(({ who }) => who),
        null,
      ),
      ...own.flatMap(({ addressee, who, empty }) =>
        empty === null ? [] : plan([addressee], [who], retryOf(empty, now)),
      ),
    ];
  });
}

/** Lets go what waited for a budget that has room again. Returns the rows of what goes out, for `startSystemMessages`. */
export async function releaseFirstTexts(runtime: Runtime, now: Date): Promise<number[]> {
  return transact(runtime.db, async (tx) => {
    const held = await lockHeld(tx, { now, limit: RELEASED_AT_ONCE });
    if (held.length === 0) return [];
    await lockBudgets(tx);
    const verdicts = await take(
      runtime,
      tx,
      held.map((one) => ({ ...one, isTrial: one.isTrial === 1 })),
      now,
    );
    const goes = held.filter((one, at) => one.isFree === 1 || verdicts[at] === null).map(messageIdOf);
    for (const [at, { messageId }] of held.entries()) {
      const empty = verdicts[at] ?? null;
      if (empty !== null && !goes.includes(messageId)) await holdOn(tx, { messageId, retryAt: retryOf(empty, now) });
    }
    await releaseHeld(tx, goes, now);
    return goes;
  });
}

const RELEASED_AT_ONCE = 200;
/** What waits is not looked at in every moment, however many wait for the same room. */
const LOOK_AGAIN_MS = 15_000;

function isUnlimited({ config }: Runtime): boolean {
  return Object.values(limitsOf(config, { isTrial: true })).every((limit) => limit === 0);
}

type Counted = { message: WrittenMessage; addressee: Addressee; phone: string };

/** Whom these texts reach for the first time, or unasked. */
async function findCounted(tx: Tx, messages: readonly WrittenMessage[], cause: Cause): Promise<Counted[]> {
  const ids = new Set(messages.flatMap(({ to }) => to.map(({ personId }) => personId)));
  // Who acts has texted us, or logged in.
  if (cause.by === 'member') ids.delete(cause.personId);
  const people = new Map((await findProofs(tx, [...ids])).map((one) => [one.personId, one]));
  return messages.flatMap((message) =>
    message.to.flatMap((addressee) => {
      const person = people.get(addressee.personId);
      if (person === undefined || (person.isProven === 1 && message.unasked !== true)) return [];
      return [{ message, addressee, phone: person.phone }];
    }),
  );
}

async function hasTrial(tx: Tx, personId: number): Promise<boolean> {
  const account = (await accountsOf(tx, [personId])).get(personId);
  return account === undefined || account.type === 'T';
}

/** No address is kept, only its fingerprint. */
function whoOf({ config }: Runtime, cause: Cause, { message, addressee, phone }: Counted): Who {
  const network = cause.by === 'stranger' ? networkOf(cause.address) : null;
  return {
    personId: addressee.personId,
    prefix: prefixOf(phone),
    memberId: cause.by === 'member' ? cause.personId : null,
    address: cause.by === 'stranger' ? fingerprint(config.APP_SECRET, cause.address) : null,
    network: network === null ? null : fingerprint(config.APP_SECRET, network),
    unasked: message.unasked === true,
  };
}

async function take(
  { config }: Runtime,
  tx: Tx,
  texts: readonly (Pick<HeldText, 'personId' | 'prefix' | 'memberId' | 'address' | 'network'> & { isTrial: boolean })[],
  now: Date,
): Promise<(Empty | null)[]> {
  const firstTexts = texts.map(
    ({ isTrial, ...who }): FirstText => ({ subjects: subjectsOf(who), limits: limitsOf(config, { isTrial }) }),
  );
  const counted = await countFirstTexts(tx, budgetsOf(firstTexts), now);
  const taken = new Map(counted.map((one) => [`${one.budget} ${one.subject}`, one]));
  return takeFirstTexts(firstTexts, (budget, subject) => taken.get(`${budget} ${subject}`), now.getTime());
}

function subjectsOf(who: Omit<Who, 'unasked'>): FirstText['subjects'] {
  const person = String(who.personId);
  return {
    phone: person,
    phoneMonth: person,
    address: who.address,
    network: who.network,
    member: who.memberId === null ? null : String(who.memberId),
    prefix: who.prefix,
    hour: 'all',
  };
}

function budgetsOf(texts: readonly FirstText[]): { budget: Budget; subjects: string[] }[] {
  return budgetNames.flatMap((budget) => {
    const counted = texts.filter(({ limits }) => limits[budget] > 0);
    const subjects = [...new Set(counted.flatMap((text) => text.subjects[budget] ?? []))];
    return subjects.length === 0 ? [] : [{ budget, subjects }];
  });
}

type Stranger = Extract<Cause, { by: 'stranger' }>;

function refuseBeyond({ refusedWith }: Stranger, verdicts: readonly (Empty | null)[], now: Date): void {
  const [first] = verdicts.filter((verdict) => verdict !== null);
  if (first === undefined) return;
  const retryAfter = Math.max(1, Math.ceil((first.roomAt - now.getTime()) / 1_000));
  throw new DomainError(
    refusedWith,
    refusedWith === 'UNAVAILABLE' ? { subtype: 'budget', retryAfter } : { retryAfter },
  );
}

function retryOf({ roomAt }: Empty, now: Date): Date {
  return new Date(Math.max(roomAt, now.getTime() + LOOK_AGAIN_MS));
}

function addresseeOf({ addressee }: { addressee: Addressee }): Addressee {
  return addressee;
}

function messageIdOf({ messageId }: HeldText): number {
  return messageId;
}
