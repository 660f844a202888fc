import type { PhoneLine } from '../../engine/rules/lines.ts';
import { rows, run, type Sql } from '../connect.ts';

export type NewcomerLine = {
  membershipId: number;
  groupId: number;
  personId: number;
  phone: string;
  line: PhoneLine | null;
};

/** The phones of these members, with what is known of them. */
export async function readLines(sql: Sql, membershipIds: readonly number[]): Promise<NewcomerLine[]> {
  return rows(
    sql,
    `SELECT m.id AS membershipId, m.group_id AS groupId, p.id AS personId, p.phone, p.line
     FROM memberships m JOIN people p ON p.id = m.person_id WHERE m.id IN (?) ORDER BY m.id`,
    [membershipIds],
  );
}

/** Keeps what a phone is; false where that was known. */
export async function setLine(sql: Sql, { personId, line }: { personId: number; line: PhoneLine }): Promise<boolean> {
  const { affected } = await run(sql, "UPDATE people SET line = ? WHERE id = ? AND COALESCE(line, '') <> ?", [
    line,
    personId,
    line,
  ]);
  return affected === 1;
}
