/** The first and the last byte that are asked for, both included. */
export type ByteRange = { first: number; last: number };

/**
 * What a `Range` header asks of so many bytes (RFC 9110, 14.2). Null where all of them are to be answered: it asks for none, for
 * several at once or in words that are none of ours. `none`: it asks for nothing that there is.
 */
export function readRange(header: string | undefined, bytes: number): ByteRange | 'none' | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  // The last so many.
  if (first === '')
    return Number(last) === 0 || bytes === 0 ? 'none' : { first: Math.max(0, bytes - Number(last)), last: bytes - 1 };
  if (last !== '' && Number(last) < Number(first)) return null;
  if (Number(first) >= bytes) return 'none';
  return { first: Number(first), last: Math.min(last === '' ? bytes : Number(last), bytes - 1) };
}
