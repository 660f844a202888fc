import { findAccount } from '../../db/billing/accounts.ts';
import { type Sql, type Tx, transact } from '../../db/connect.ts';
import { groupIdsOf } from '../../db/groups/group-owners.ts';
import { findPerson, type Person } from '../../db/people/people.ts';
import { findCredentials, findLivePin, insertPin, type PinRow, spendPin } from '../../db/people/sessions.ts';
import {
  type Addressee,
  type SystemMessage,
  startSystemMessages,
  writeSystemMessages,
} from '../delivery/system-messages.ts';
import { DomainError } from '../platform/errors.ts';
import { seal, unseal } from '../platform/keyed-hash.ts';
import type { Runtime } from '../platform/runtime.ts';
import { serviceNumberOf } from '../platform/service-number.ts';
import type { Cause } from '../rules/budgets.ts';
import { texts } from '../rules/texts.ts';
import { hashPin, isPassword, isSame, newPin } from './secrets.ts';
import { openSession, type Session } from './sessions.ts';
import { countGuess, countPin } from './throttle.ts';

/**
 * Texts a PIN to a member's phone; while one lives, the same one again, which counts as one a day. Returns whether the member has a password as well. Throws NOT_FOUND for a phone that
 * is in no active group and has neither money nor a password with us, THROTTLE after 3 PINs in 15 minutes or 10 a day.
 * A blocked phone gets the same answer and no text.
 */
export async function sendPin(
  runtime: Runtime,
  { phone, address }: { phone: string; address: string },
): Promise<{ hasPassword: boolean }> {
  const person = await findPerson(runtime.db, phone);
  const alive = person === undefined ? null : await readLivePin(runtime, runtime.db, person.id, new Date());
  const counted = await countPin(runtime, phone, { again: alive !== null });
  try {
    if (person === undefined || !(await isKnown(runtime, person))) throw new DomainError('NOT_FOUND');
    if (person.blockedAt === null)
      await textPin(runtime, person.id, { by: 'stranger', address, refusedWith: 'THROTTLE' });
    return { hasPassword: person.passwordHash !== null };
  } catch (notSent) {
    await counted.giveBack();
    throw notSent;
  }
}

/** A member of an active group, or a person whose last group is gone and who has money or a password with us. */
async function isKnown({ db }: Runtime, { id, passwordHash }: Person): Promise<boolean> {
  if (passwordHash !== null || (await groupIdsOf(db, id)).length > 0) return true;
  const account = await findAccount(db, id);
  return account !== undefined && account.type !== 'T';
}

/** Makes a PIN in the caller's transaction. With a group, the PIN serves `/group/set` of that group as well. */
export async function mintPin(
  runtime: Runtime,
  tx: Tx,
  { personId, groupId, now }: { personId: number; groupId: number | null; now: Date },
): Promise<string> {
  const pin = newPin();
  const hash = hashPin(runtime.config.APP_SECRET, { personId, pin });
  // That of a group serves more than a login: it is not texted again.
  const sealed = groupId === null ? seal(runtime.config.APP_SECRET, pin) : null;
  await insertPin(tx, { personId, groupId, hash, sealed, now, expiresAt: new Date(now.getTime() + PIN_LIFE_MS) });
  return pin;
}

/**
 * Opens a session by a PIN of the phone, which is used up by it, or by the password. Returns the sid.
 * Throws INVALID_PIN, and LOCKOUT after too many wrong tries. An unknown phone takes the time of a known one.
 */
export async function logIn(runtime: Runtime, { phone, secret, source, address }: Login): Promise<string> {
  const sid = await guarded(runtime, { phone, address }, async () => {
    const now = new Date();
    const known = await findCredentials(runtime.db, { phone, now });
    const pin = pinAmong(runtime, { ...known, secret }, (candidate) => candidate.usedAt === null);
    const mayEnter = pin !== undefined || (await isPassword(secret, known?.passwordHash ?? null));
    if (known === undefined || !mayEnter) return null;
    return transact(runtime.db, async (tx) => {
      if (pin !== undefined && !(await spendPin(tx, { id: pin.id, now }))) return null;
      return openSession(tx, { personId: known.personId, source, now });
    });
  });
  if (sid === null) throw new DomainError('INVALID_PIN');
  return sid;
}

type Login = { phone: string; secret: string; source: string | null; address: string };

/** Returns the caller by a PIN of `send_pin` in place of a sid; null if it is wrong or expired, or the phone is locked out. */
export async function findPinSession(
  runtime: Runtime,
  { phone, pin, address }: { phone: string; pin: string; address: string },
): Promise<Session | null> {
  try {
    return await guarded(runtime, { phone, address }, async () => {
      const known = await findCredentials(runtime.db, { phone, now: new Date() });
      const found = pinAmong(runtime, { ...known, secret: pin }, (candidate) => candidate.groupId !== null);
      if (known === undefined || found === undefined) return null;
      return { personId: known.personId, phone, sidHash: null, onlyGroupId: found.groupId };
    });
  } catch (refused) {
    if (refused instanceof DomainError && refused.token === 'LOCKOUT') return null;
    throw refused;
  }
}

/** Counts a guess before it is checked. Null is a wrong guess; a guess that could not be checked does not count. */
async function guarded<T>(
  runtime: Runtime,
  who: { phone: string; address: string },
  look: () => Promise<T | null>,
): Promise<T | null> {
  const guess = await countGuess(runtime, who);
  const found = await look().catch(async (error: unknown) => {
    await guess.giveBack();
    throw error;
  });
  await (found === null ? guess.wrong() : guess.giveBack());
  return found;
}

/** From the contract: 15 minutes. */
export const PIN_LIFE_MS = 15 * 60_000;

/** An unknown phone has its PIN hashed like any other. */
function pinAmong(
  { config }: Runtime,
  { personId = 0, pins = [], secret }: { personId?: number; pins?: PinRow[]; secret: string },
  serves: (pin: PinRow) => boolean,
): PinRow | undefined {
  const hash = hashPin(config.APP_SECRET, { personId, pin: secret });
  return pins.find((candidate) => isSame(candidate.hash, hash) && serves(candidate));
}

/** Returns the text of a PIN: of the one that lives, or of a new one, which is made in the caller's transaction. */
export async function pinMessage(
  runtime: Runtime,
  tx: Tx,
  { to, now }: { to: Addressee; now: Date },
): Promise<SystemMessage> {
  const { personId } = to;
  const alive = await readLivePin(runtime, tx, personId, now);
  const pin = alive?.pin ?? (await mintPin(runtime, tx, { personId, groupId: null, now }));
  const redactAt = alive?.expiresAt ?? new Date(now.getTime() + PIN_LIFE_MS);
  const minutes = Math.floor((redactAt.getTime() - now.getTime()) / 60_000);
  const text = () => (alive === null ? texts.pin({ pin }) : texts.samePin({ pin, minutes }));
  return { groupId: null, text, to: [to], urgent: true, redactAt };
}

/** One that is about to end is not worth a text. */
const WORTH_MS = 60_000;

async function readLivePin(
  { config }: Runtime,
  sql: Sql,
  personId: number,
  now: Date,
): Promise<{ pin: string; expiresAt: Date } | null> {
  const found = await findLivePin(sql, { personId, until: new Date(now.getTime() + WORTH_MS) });
  const pin = found === undefined ? null : unseal(config.APP_SECRET, found.sealed);
  return found === undefined || pin === null ? null : { pin, expiresAt: found.expiresAt };
}

/** The text comes from the service number and goes out before any message. */
async function textPin(runtime: Runtime, personId: number, cause: Cause): Promise<void> {
  const service = await serviceNumberOf(runtime, runtime.db);
  const now = new Date();
  const ids = await transact(runtime.db, async (tx) => {
    const to = { personId, membershipId: null, numberId: service.id };
    const messages = [await pinMessage(runtime, tx, { to, now })];
    return writeSystemMessages(runtime, tx, { cause, messages, now });
  });
  void startSystemMessages(runtime, ids);
}
