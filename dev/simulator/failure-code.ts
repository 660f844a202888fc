import { networkOf } from './networks.ts';
import type { Source } from './numbers.ts';
import { isGsm7, lengthOf } from './units.ts';

/**
 * Why the carrier fails a text that it has taken, as the code of its report; blank where it does not. The codes:
 * plivo.com/docs/messaging/troubleshooting/error-codes and the Plivo blog's "Introducing SMS error codes", updated
 * 2025-04-01, which has 201. 110 is there "the message content exceeds the character limit of 1,600 for GSM-encoded and
 * 737 for UTF-encoded messages".
 */
export function failureCodeOf({ text, media, to, source }: Sent): string {
  if (source.barred !== '') return source.barred;
  if (media.length > 0 && !source.mms) return '40';
  if (source.kind === 'tollfree' && networkOf(to).country === 'CA') return '201';
  if (text.length > 737 && lengthOf(text) > (isGsm7(text) ? 1_600 : 737)) return '110';
  return '';
}

type Sent = { text: string; media: string[]; to: string; source: Source };
