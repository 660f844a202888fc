import validator from 'card-validator';
import type { ErrorToken } from '../rules/error-catalogue.ts';
import type { Brand, Card } from './payments.ts';

/** A card as a client wrote it, or why it cannot be one of those that we take at `now`. The date comes first. */
export function readCard(
  written: { number: string; expires: string },
  now: Date,
): Card | { wrong: Extract<ErrorToken, `INVALID_CC_${string}`> } {
  const { expires } = written;
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(expires) || hasExpired(expires, now)) return { wrong: 'INVALID_CC_EXPIRATION' };
  const number = written.number.replace(/[ -]/g, '');
  const { isValid, card } = validator.number(number);
  if (!isValid || card === null) return { wrong: 'INVALID_CC_NUMBER' };
  const brand = brands[card.type];
  return brand === undefined ? { wrong: 'INVALID_CC_TYPE' } : { number, expires, brand };
}

/** A card is good through the month (YYYY-MM) that it names. */
export function hasExpired(expires: string, now: Date): boolean {
  return expires < now.toISOString().slice(0, 7);
}

/** No other type is taken. */
const brands: { readonly [type: string]: Brand } = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  'american-express': 'American Express',
};
