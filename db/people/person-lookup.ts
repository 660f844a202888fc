import { row, rows, type Sql } from '../connect.ts';

/** What an operator sees of a phone. `blockedByCarrier`: the carrier blocks it too, so that only a START ends that. */
export type PersonSheet = {
  id: number;
  phone: string;
  name: string | null;
  language: string | null;
  since: Date;
  blockedAt: Date | null;
  blockedByCarrier: number;
  hasPassword: number;
  sessions: number;
  devices: number;
  lastTextAt: Date | null;
};

/** The phones that we know and whose digits hold these, in order. */
export async function findPhonesWith(
  sql: Sql,
  { digits, limit }: { digits: string; limit: number },
): Promise<{ phone: string; name: string | null; isBlocked: number }[]> {
  return rows(
    sql,
    "SELECT phone, last_name AS name, blocked_at IS NOT NULL AS isBlocked FROM people WHERE phone LIKE CONCAT('%', ?, '%') ORDER BY phone LIMIT ?",
    [digits, limit],
  );
}

/** As it is kept: of one who was forgotten, the hash. */
export async function findPhoneOf(sql: Sql, personId: number): Promise<string | undefined> {
  return (await row<{ phone: string }>(sql, 'SELECT phone FROM people WHERE id = ?', [personId]))?.phone;
}

export async function readPersonSheet(sql: Sql, phone: string): Promise<PersonSheet | undefined> {
  return row(
    sql,
    `SELECT p.id, p.phone, p.last_name AS name, p.language, p.created_at AS since, p.blocked_at AS blockedAt,
       p.blocked_by_carrier AS blockedByCarrier, p.password_hash IS NOT NULL AS hasPassword,
       (SELECT COUNT(*) FROM sessions s WHERE s.person_id = p.id) AS sessions,
       (SELECT COUNT(*) FROM devices d WHERE d.phone = p.phone AND d.live = 1) AS devices,
       (SELECT MAX(i.received_at) FROM inbound_texts i WHERE i.phone = p.phone) AS lastTextAt
     FROM people p WHERE p.phone = ?`,
    [phone],
  );
}
