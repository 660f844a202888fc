import type { Sql } from '../../db/connect.ts';
import { ourNumbersAmong } from '../../db/groups/numbers.ts';
import { findPerson } from '../../db/people/people.ts';
import { DomainError } from '../platform/errors.ts';

/** Why no call may ring at a phone that we would text, or null: it would come back to us, or they want nothing from us. */
export async function whyNotForward(sql: Sql, phone: string): Promise<'GROUP_FLIER_NUMBER' | 'BLOCKED_NUMBER' | null> {
  if ((await ourNumbersAmong(sql, [phone])).has(phone)) return 'GROUP_FLIER_NUMBER';
  const person = await findPerson(sql, phone);
  return person !== undefined && person.blockedAt !== null ? 'BLOCKED_NUMBER' : null;
}

/** Throws that, where calls are to ring at a phone at all. */
export async function refuseForward(sql: Sql, phone: string | null): Promise<void> {
  const why = phone === null ? null : await whyNotForward(sql, phone);
  if (phone !== null && why !== null) throw new DomainError(why, { subtype: phone });
}
