import { rows, type Sql } from '../connect.ts';

/**
 * A mark for each of these people which changes whenever something happens in one of their groups, or they come into a group
 * or go from it. One statement for hundreds of people; who has no group has no mark.
 */
export async function readProgress(sql: Sql, personIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const marks = new Map<number, string>();
  for (let from = 0; from < personIds.length; from += PEOPLE_A_STATEMENT) {
    const found = await rows<{ personId: number; mark: string }>(
      sql,
      `SELECT m.person_id AS personId, CONCAT_WS('-', COUNT(*), MAX(a.times_low),
         BIT_XOR(CRC32(CONCAT_WS('-', m.id, g.owner_id, g.last_message_id, g.last_event_id)))) AS mark
       FROM memberships m JOIN \`groups\` g ON g.id = m.group_id AND g.state = 'active'
       LEFT JOIN accounts a ON a.person_id = m.person_id
       WHERE m.person_id IN (?) AND m.live = 1 GROUP BY m.person_id`,
      [personIds.slice(from, from + PEOPLE_A_STATEMENT)],
    );
    for (const { personId, mark } of found) marks.set(personId, mark);
  }
  return marks;
}

const PEOPLE_A_STATEMENT = 1_000;
