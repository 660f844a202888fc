import type { Db } from '../../db/connect.ts';
import { addNumbers } from '../../db/groups/numbers.ts';

const FIRST_NUMBER = 12_065_000_000;
const ROWS_AT_ONCE = 1_000;

/** Has at least so many numbers of one text a second in the pool. */
export async function haveNumbers(db: Db, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, at) => ({
    phone: `+${FIRST_NUMBER + at}`,
    ...({ kind: 'pool', carrier: 'plivo', campaign: null } as const),
  }));
  for (let from = 0; from < count; from += ROWS_AT_ONCE)
    await addNumbers(db, { numbers: numbers.slice(from, from + ROWS_AT_ONCE), now: new Date() });
}
