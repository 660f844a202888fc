import { Type } from '@sinclair/typebox';
import { readAccountState, setAccount, setPassword } from '../../engine/billing/accounts.ts';
import { charge } from '../../engine/billing/charges.ts';
import { readCard } from '../../engine/payments/cards.ts';
import type { Card } from '../../engine/payments/payments.ts';
import { DomainError } from '../../engine/platform/errors.ts';
import { isWeakPassword } from '../../engine/rules/passwords.ts';
import { endpoint } from '../endpoint.ts';
import { accountType, asFlag, count, flag, text } from '../schemas.ts';

/** A payment provider takes seconds where we take milliseconds, and a call may wait for another one of its account. */
const PROVIDER_TIMEOUT_MS = 25_000;

export const accountSet = endpoint({
  url: '/account/set',
  name: 'setAccount',
  summary: 'Set the account information',
  notes:
    'The card goes to the payment provider and is kept there. The phone gets one text where the e-mail or the card is new. The number and the expiration come together or not at all. The optional cc_token is safer: the app gives the card to the payment provider in the browser and sends the token that it gets; a number beside it is BAD_REQUEST. A card or token that the provider does not accept is INVALID_CC_NUMBER, INVALID_CC_TYPE or INVALID_CC_EXPIRATION; whether it can pay is known only at the first charge. Too many cards in an hour, of an account, an address or in all, are UNAVAILABLE with Retry-After.',
  session: 'required',
  timeoutMs: PROVIDER_TIMEOUT_MS,
  parameters: {
    email: { kind: 'email', wrong: 'INVALID_EMAIL', says: 'Email address', example: 'ann@example.com' },
    zip: { kind: 'text', limit: 20, says: 'Billing zip', example: '94107' },
    cc_expiration: {
      kind: 'text',
      optional: true,
      neededWith: 'cc_number',
      says: 'Credit card expiration in the format YYYY-MM',
      example: '2031-08',
    },
    cc_number: {
      kind: 'secret',
      optional: true,
      neededWith: 'cc_expiration',
      says: 'Credit card number: Visa, Mastercard or American Express',
    },
    cc_token: {
      kind: 'cardToken',
      optional: true,
      says: 'In place of number and expiration: the payment provider’s token or payment method, made in the browser',
      example: 'pm_card_visa',
    },
  },
  answer: Type.Object({
    cc_description: Type.Optional(text('Credit card description if a credit card was passed: Visa ending in 4242')),
  }),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    NO_ACCOUNT: {},
    INVALID_EMAIL: {},
    INVALID_CC_NUMBER: {},
    INVALID_CC_TYPE: {},
    INVALID_CC_EXPIRATION: {},
  },
  async handle({ runtime, session, params, request: { address } }) {
    const { email, zip } = params;
    const wanted = { email, zip, card: cardIn(params), address };
    const { cardDescription } = await setAccount(runtime, session.personId, wanted);
    return cardDescription === null ? {} : { cc_description: cardDescription };
  },
});

type CardSent = { cc_number: string | undefined; cc_expiration: string | undefined; cc_token: string | undefined };

function cardIn({
  cc_number: number,
  cc_expiration: expires,
  cc_token: token,
}: CardSent): Card | { token: string } | null {
  const card = number === undefined || expires === undefined ? null : readCard({ number, expires }, new Date());
  if (card !== null && 'wrong' in card) throw new DomainError(card.wrong);
  if (card !== null && token !== undefined) throw new DomainError('BAD_REQUEST', { subtype: 'cc_token' });
  return token === undefined ? card : { token };
}

export const accountPassword = endpoint({
  url: '/account/password',
  name: 'setPassword',
  summary: 'Set the account password',
  notes:
    'From 8 to 200 characters, and none that everybody tries first: else BAD_REQUEST. /member/login takes it in place of a PIN. The member’s other sessions end, and the phone gets a text. More than 5 in an hour are UNAVAILABLE with Retry-After.',
  session: 'required',
  parameters: { password: { kind: 'secret', says: 'The password' } },
  answer: Type.Object({}),
  errors: { MISSING_FIELDS: { subtype: 'fields' }, NO_ACCOUNT: {} },
  async handle({ runtime, session, params }) {
    if (isWeakPassword(params.password)) throw new DomainError('BAD_REQUEST', { subtype: 'password' });
    await setPassword(runtime, session, params.password);
    return {};
  },
});

export const accountBalance = endpoint({
  url: '/account/balance',
  name: 'getBalance',
  reads: true,
  summary: 'Get the current account balance',
  notes:
    'A member without an account has type F and a balance of 0. The owner gets one text when less than a fifth is left of what the last payment (or the trial) made of it; at 0 or below, what is not free is suspended until money comes in, and what still waits to be sent is skipped. An accepted message reserves its price: while all that is left is reserved, /message/send answers SUSPENDED too.',
  session: 'required',
  parameters: {},
  answer: Type.Object({
    balance: count('The account balance in pennies'),
    suspended: flag('Is the account suspended'),
    type: accountType,
  }),
  errors: {},
  async handle({ runtime, session }) {
    const { type, balance, suspended } = await readAccountState(runtime, session.personId);
    return { balance, suspended: asFlag(suspended), type };
  },
});

export const accountCharge = endpoint({
  url: '/account/charge',
  name: 'chargeAccount',
  summary: 'Charge the account credit card',
  notes:
    'The money is on the balance when this answers, and the account is a paid one. With the optional idempotency_key, which the client chooses, a repeated call charges once and returns the first answer; the same key with another amount is BAD_REQUEST. Charges of an account never run at the same time: the second one waits. After UNAVAILABLE, repeat the call with the same key. Money that later goes back to the card (a refund, a dispute, a payment that fails after all) comes off the balance. Too many declined charges in an hour, of an account, an address or in all, are UNAVAILABLE with Retry-After: then no card is asked.',
  session: 'required',
  timeoutMs: PROVIDER_TIMEOUT_MS,
  parameters: {
    amount: { kind: 'amount', says: 'The amount to charge in pennies', example: 2000 },
    idempotency_key: {
      kind: 'text',
      optional: true,
      says: 'Any text by which the client names this charge. Also as the header Idempotency-Key',
      example: 'order-4711',
    },
  },
  answer: Type.Object({}),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    NO_ACCOUNT: {},
    NO_CREDIT_CARD: {},
    EXPIRED_CREDIT_CARD: {},
    INVALID_AMOUNT: {},
    DECLINED: { subtype: 'reason' },
  },
  async handle({ runtime, session, params, request: { address } }) {
    const { amount, idempotency_key: key = null } = params;
    await charge(runtime, { personId: session.personId, amount, key, address });
    return {};
  },
});
