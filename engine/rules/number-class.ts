/** What a number of ours is to the carriers: it decides the pace, and what a STOP to it blocks there. */
export const numberClasses = ['long', 'tollfree', 'short'] as const;
export type NumberClass = (typeof numberClasses)[number];

/**
 * The class that a number has by its digits; an operator may set another. Toll-free codes of the North American plan:
 * 800, 833, 844, 855, 866, 877, 888. A short code has 5 or 6 digits and no country.
 */
export function classOf(number: string): NumberClass {
  if (/^\d{5,6}$/.test(number)) return 'short';
  return /^\+18(?:00|33|44|55|66|77|88)\d{7}$/.test(number) ? 'tollfree' : 'long';
}
