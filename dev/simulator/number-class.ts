/**
 * What a number is, which decides what the carrier does for it. Toll-free prefixes: www.fcc.gov/consumers/guides,
 * "What is a toll-free number"; short codes have five or six digits: plivo.com/docs/messaging/api/messages.md.
 */
export type NumberClass = 'long' | 'tollfree' | 'short';

export function classOf(number: string): NumberClass {
  if (!number.startsWith('+')) return 'short';
  return /^\+18(?:00|33|44|55|66|77|88)\d{7}$/.test(number) ? 'tollfree' : 'long';
}
