import type { Sql } from '../../../db/connect.ts';
import { type PersonSheet, readPersonSheet } from '../../../db/people/person-lookup.ts';
import { hiddenPhone } from '../../people/forgotten.ts';

/**
 * What we know of a phone, also of one that was forgotten: then its phone is the hash of it, which takes the secret.
 */
export async function findPersonSheet(
  sql: Sql,
  { phone, secret }: { phone: string; secret: string | null },
): Promise<PersonSheet | undefined> {
  const known = await readPersonSheet(sql, phone);
  return known ?? (secret === null ? undefined : await readPersonSheet(sql, hiddenPhone(secret, phone)));
}
