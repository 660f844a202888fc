import { findAccount, findPayingAccount, setCard, setContact } from '../../db/billing/accounts.ts';
import { transact } from '../../db/connect.ts';
import { setPasswordHash } from '../../db/people/people.ts';
import { deleteOtherSessions } from '../../db/people/sessions.ts';
import { startSystemMessages } from '../delivery/system-messages.ts';
import { hasExpired } from '../payments/cards.ts';
import { paymentsOf } from '../payments/open.ts';
import { type Card, CardRefused, type Owner, PaymentsUnavailable, type SavedCard } from '../payments/payments.ts';
import { hashPassword } from '../people/secrets.ts';
import type { Session } from '../people/sessions.ts';
import { countCardTry, countPassword } from '../people/throttle.ts';
import { DomainError, unavailable } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { type AccountType, isSuspended } from '../rules/money.ts';
import { nameCard } from '../rules/payments.ts';
import { type AccountChange, tellChanges } from './account-changes.ts';

/** Returns the state of a person’s account; a person without one counts as free. */
export async function readAccountState(
  runtime: Runtime,
  personId: number,
): Promise<{ type: AccountType; balance: number; suspended: boolean }> {
  const { type, balance } = (await findAccount(runtime.db, personId)) ?? { type: 'F' as const, balance: 0 };
  return { type, balance, suspended: isSuspended({ type, balance }) };
}

/**
 * Changes the address, and the card if one is given: the payment provider stores the card, and we keep its token, brand,
 * last four digits and expiry. Their phone gets one text of what is new.
 * Returns the description of that card for people. Throws NO_ACCOUNT, INVALID_CC_NUMBER,
 * INVALID_CC_TYPE and INVALID_CC_EXPIRATION (as the provider says), UNAVAILABLE, also after too many cards.
 */
export async function setAccount(
  runtime: Runtime,
  personId: number,
  { email, zip, card, address }: { email: string; zip: string; card: AnyCard | null; address: string },
): Promise<{ cardDescription: string | null }> {
  const account = await findPayingAccount(runtime.db, personId);
  if (account === undefined) throw new DomainError('NO_ACCOUNT');
  const { id: accountId, customerRef } = account;
  const owner = { email, zip, customerRef };
  const saved = card === null ? null : await trySaving(runtime, { card, owner, personId, address });
  const ids = await transact(runtime.db, async (tx) => {
    const before = await setContact(tx, { accountId, email, zip });
    if (saved !== null) await setCard(tx, { accountId, ...saved });
    const changes: AccountChange[] = [
      ...(before === email ? [] : (['email'] as const)),
      ...(saved === null ? [] : (['card'] as const)),
    ];
    return tellChanges(runtime, tx, { personId, changes, now: new Date() });
  });
  void startSystemMessages(runtime, ids);
  return { cardDescription: saved === null ? null : nameCard(saved) };
}

/** Sets a new password and ends the member’s other sessions; their phone gets a text. Throws NO_ACCOUNT, and UNAVAILABLE after too many. */
export async function setPassword(
  runtime: Runtime,
  { personId, sidHash }: Pick<Session, 'personId' | 'sidHash'>,
  password: string,
): Promise<void> {
  if ((await findAccount(runtime.db, personId)) === undefined) throw new DomainError('NO_ACCOUNT');
  // To hash one is costly on purpose.
  await countPassword(runtime, personId);
  const passwordHash = await hashPassword(password);
  const ids = await transact(runtime.db, async (tx) => {
    await setPasswordHash(tx, { personId, passwordHash });
    await deleteOtherSessions(tx, { personId, sidHash });
    return tellChanges(runtime, tx, { personId, changes: ['password'], now: new Date() });
  });
  void startSystemMessages(runtime, ids);
}

/** Also a card that the provider does not take was tried. */
async function trySaving(
  runtime: Runtime,
  { card, owner, personId, address }: { card: AnyCard; owner: Owner; personId: number; address: string },
): Promise<SavedCard> {
  const counted = await countCardTry(runtime, 'cards', { personId, address });
  try {
    return await saveCard(runtime, card, owner);
  } catch (error) {
    if (error instanceof DomainError && error.token === 'UNAVAILABLE') await counted.giveBack();
    throw error;
  }
}

type AnyCard = Card | { token: string };

async function saveCard(runtime: Runtime, card: AnyCard, owner: Owner): Promise<SavedCard> {
  const payments = await paymentsOf(runtime);
  try {
    if (!('token' in card)) return await payments.saveCard(card, owner);
    const saved = await payments.saveToken(card.token, owner);
    if (hasExpired(saved.expires, new Date())) throw new CardRefused('expiration', 'expired_card');
    return saved;
  } catch (error) {
    if (error instanceof CardRefused) throw new DomainError(tokens[error.about]);
    throw error instanceof PaymentsUnavailable ? unavailable('payments', error) : error;
  }
}

const tokens = { number: 'INVALID_CC_NUMBER', expiration: 'INVALID_CC_EXPIRATION', type: 'INVALID_CC_TYPE' } as const;
