import { rows, type Sql } from '../connect.ts';

/** A membership of a person, also one that is over. */
export type ExportedMembership = {
  group: string;
  groupId: number;
  number: string;
  name: string | null;
  joinedAt: Date;
  leftAt: Date | null;
  endedAt: Date | null;
};

export async function readAllMemberships(sql: Sql, personId: number): Promise<ExportedMembership[]> {
  return rows(
    sql,
    `SELECT g.name AS \`group\`, m.group_id AS groupId, n.phone AS number, m.name, m.joined_at AS joinedAt, m.left_at AS leftAt,
       m.ended_at AS endedAt
     FROM memberships m JOIN \`groups\` g ON g.id = m.group_id JOIN numbers n ON n.id = m.number_id
     WHERE m.person_id = ? ORDER BY m.id`,
    [personId],
  );
}

/** Without their tokens, which are the device's. */
export async function readDevicesOf(
  sql: Sql,
  phone: string,
): Promise<{ type: string; live: number | null; createdAt: Date }[]> {
  return rows(sql, 'SELECT type, live, created_at AS createdAt FROM devices WHERE phone = ? ORDER BY id', [phone]);
}

export async function readSessionsOf(
  sql: Sql,
  personId: number,
): Promise<{ source: string | null; createdAt: Date; usedAt: Date }[]> {
  return rows(
    sql,
    'SELECT source, created_at AS createdAt, used_at AS usedAt FROM sessions WHERE person_id = ? ORDER BY created_at',
    [personId],
  );
}

export type ExportedText = { at: Date; group: string | null; text: string; media: string | null };

/** What they said in groups, the oldest first; after row `afterId`, `limit` at most. */
export async function readSaid(
  sql: Sql,
  { personId, afterId, limit }: { personId: number; afterId: number; limit: number },
): Promise<(ExportedText & { id: number })[]> {
  return rows(
    sql,
    `SELECT m.id, m.accepted_at AS at, g.name AS \`group\`, m.text, m.media
     FROM memberships f JOIN messages m ON m.sender_id = f.id LEFT JOIN \`groups\` g ON g.id = m.group_id
     WHERE f.person_id = ? AND m.id > ? ORDER BY m.id LIMIT ?`,
    [personId, afterId, limit],
  );
}
