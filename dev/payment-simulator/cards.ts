/**
 * Stripe’s published test cards (https://docs.stripe.com/testing) and what becomes of a payment with each. A row whose
 * decline is null pays. Any other number is declined, as a real card is in test mode.
 */
type Row = readonly [number: string, brand: Brand, decline: Decline | null];
export type Brand = 'visa' | 'mastercard' | 'amex' | 'discover' | 'diners' | 'jcb' | 'unionpay' | 'unknown';
export type Decline = { code: string; decline_code?: string; message: string };

const declined = (decline_code: string): Decline => ({
  code: 'card_declined',
  decline_code,
  message: 'Your card was declined.',
});

const rows: readonly Row[] = [
  ['4242424242424242', 'visa', null],
  ['4000056655665556', 'visa', null],
  ['5555555555554444', 'mastercard', null],
  ['2223003122003222', 'mastercard', null],
  ['5200828282828210', 'mastercard', null],
  ['5105105105105100', 'mastercard', null],
  ['378282246310005', 'amex', null],
  ['371449635398431', 'amex', null],
  ['6011111111111117', 'discover', null],
  ['3056930009020004', 'diners', null],
  ['3566002020360505', 'jcb', null],
  ['6200000000000005', 'unionpay', null],
  ['4000000000000002', 'visa', declined('generic_decline')],
  ['4000000000000341', 'visa', declined('generic_decline')],
  ['4000000000009995', 'visa', declined('insufficient_funds')],
  ['4000000000009987', 'visa', declined('lost_card')],
  ['4000000000009979', 'visa', declined('stolen_card')],
  ['4000000000006975', 'visa', declined('card_velocity_exceeded')],
  ['4100000000000019', 'visa', declined('fraudulent')],
  ['4000000000000069', 'visa', { code: 'expired_card', message: 'Your card has expired.' }],
  ['4000000000000127', 'visa', { code: 'incorrect_cvc', message: 'Your card’s security code is incorrect.' }],
  ['4000000000000119', 'visa', { code: 'processing_error', message: 'An error occurred while processing your card.' }],
  [
    '4000002760003184',
    'visa',
    {
      code: 'authentication_required',
      decline_code: 'authentication_required',
      message: 'Your card requires authentication.',
    },
  ],
];

const byNumber = new Map(rows.map(([number, brand, decline]) => [number, { brand, decline }]));

/**
 * Stripe’s published names of test cards, after `pm_card_` as payment methods and after `tok_` as tokens. They stand for
 * a card that a browser has given to the provider.
 */
const byName: ReadonlyMap<string, string> = new Map([
  ['visa', '4242424242424242'],
  ['visa_debit', '4000056655665556'],
  ['mastercard', '5555555555554444'],
  ['amex', '378282246310005'],
  ['discover', '6011111111111117'],
  ['chargeDeclined', '4000000000000002'],
  ['chargeDeclinedInsufficientFunds', '4000000000009995'],
]);

/** What the simulator remembers of a card: never its number. */
export type TestCard = { brand: Brand; last4: string; decline: Decline | null; month: number; year: number };
type Known = Pick<TestCard, 'brand' | 'last4' | 'decline'>;

/** Null for what is no card number (the wrong length, or a check digit that is wrong). */
export function lookUpCard(number: string): Known | null {
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number)) return null;
  const known = byNumber.get(number) ?? { brand: 'unknown' as const, decline: declined('test_mode_live_card') };
  return { ...known, last4: number.slice(-4) };
}

/** The test card of a published name; null for any other. They are good until the end of next year. */
export function lookUpToken(id: string, prefix: 'tok_' | 'pm_'): TestCard | null {
  const name = id.slice(prefix.length).replace(/^card_/, '');
  const number = id.startsWith(prefix) ? byName.get(name) : undefined;
  const card = number === undefined ? null : lookUpCard(number);
  return card === null ? null : { ...card, month: 12, year: new Date().getUTCFullYear() + 1 };
}

function passesLuhn(number: string): boolean {
  const digits = Array.from(number, Number).reverse();
  const sum = digits.reduce(
    (total, digit, at) => total + (at % 2 === 0 ? digit : ((digit * 2) % 10) + Math.floor(digit / 5)),
    0,
  );
  return sum % 10 === 0;
}
