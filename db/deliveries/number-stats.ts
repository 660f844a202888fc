import { rows, type Sql } from '../connect.ts';
import { firstIdSince } from '../first-since.ts';

/** Texts of one number to one network that are in one state. `went`: how many of them the carrier took. */
export type CountedTexts = {
  numberId: number;
  /** Mobile country and network code; '' where the carrier did not say. */
  network: string;
  state: string;
  errorCode: number | null;
  texts: number;
  went: number;
  lastAt: Date | null;
};

/** Counts the texts of messages from row `first` up to `end`: a range of the primary key. */
export async function countTexts(sql: Sql, { first, end }: { first: number; end: number }): Promise<CountedTexts[]> {
  const found = await rows<CountedTexts>(
    sql,
    `SELECT number_id AS numberId, network, state, error_code AS errorCode, COUNT(*) AS texts, COUNT(sent_at) AS went,
       MAX(sent_at) AS lastAt
     FROM deliveries WHERE message_id >= ? AND message_id < ? AND via = 'sms' GROUP BY number_id, network, state, error_code`,
    [first, end],
  );
  return found.map((one) => ({ ...one, texts: Number(one.texts), went: Number(one.went) }));
}

/**
 * Who said STOP in this time, by the numbers through which their groups reached them then: one person counts once a number.
 * A STOP that concerns one number counts there alone. The newest `limit` of them.
 */
export async function countStops(
  sql: Sql,
  { from, until, limit }: { from: Date; until: Date; limit: number },
): Promise<Map<number, number>> {
  const first = await firstIdSince(sql, 'consents', from);
  const end = await firstIdSince(sql, 'consents', until);
  const found = await rows<{ numberId: number; people: number }>(
    sql,
    `SELECT m.number_id AS numberId, COUNT(DISTINCT c.person_id) AS people
     FROM (SELECT person_id, number_id, at FROM consents WHERE id >= ? AND id < ? AND kind = 'stop' AND about = 'texts'
       ORDER BY id DESC LIMIT ?) c
     JOIN memberships m ON m.person_id = c.person_id AND m.joined_at <= c.at AND (m.ended_at IS NULL OR m.ended_at > c.at)
       AND (c.number_id IS NULL OR c.number_id = m.number_id)
     GROUP BY m.number_id`,
    [first, end, limit],
  );
  return new Map(found.map(({ numberId, people }) => [numberId, Number(people)]));
}
