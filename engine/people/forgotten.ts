import type { Sql } from '../../db/connect.ts';
import { recallPeople } from '../../db/people/forgotten.ts';
import { ensurePeople, type Person } from '../../db/people/people.ts';
import { keyed } from '../platform/keyed-hash.ts';
import type { Runtime } from '../platform/runtime.ts';

type Secret = { config: Pick<Runtime['config'], 'APP_SECRET'> };

/**
 * What stands in place of the phone of a person who was forgotten: no phone looks like it, and it cannot be found out from
 * it without our secret. 114 bits, so that no two phones have the same.
 */
export function hiddenPhone(appSecret: string, phone: string): string {
  return `~${keyed(appSecret, 'phone', phone).toString('base64url').slice(0, 19)}`;
}

/**
 * Phones that turn up again are known again, with the block of their STOP. Returns how many. Asked only for phones that we
 * do not know, so it costs nothing where nobody is new.
 */
export function recall({ config }: Secret, sql: Sql, phones: readonly string[]): Promise<number> {
  return recallPeople(sql, new Map(phones.map((phone) => [hiddenPhone(config.APP_SECRET, phone), phone])));
}

/** The people of these phones, made where they are new, and known again where they were forgotten; locked. */
export function meetPeople(
  runtime: Secret,
  sql: Sql,
  phones: readonly string[],
  now: Date,
): Promise<Map<string, Person>> {
  return ensurePeople(sql, phones, now, (at, missing) => recall(runtime, at, missing));
}
