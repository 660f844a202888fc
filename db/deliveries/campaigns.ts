import { row, rows, run, type Sql, type Tx } from '../connect.ts';
import type { DeliveryKey } from './delivery-keys.ts';

/** A 10DLC campaign that an operator has set limits for; `segmentsASecond`: null is no pace. */
export type Campaign = { name: string; segmentsASecond: number | null };
/** So many segments a day to a network: a name of engine/rules/networks.ts, or a mobile country and network code. */
export type CampaignCap = { campaign: string; network: string; segmentsADay: number };
type CapDay = Pick<CampaignCap, 'campaign' | 'network'> & { day: string };

/** The segments a second of the campaigns that have a pace. */
export async function readCampaignPaces(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const found = await listCampaigns(sql);
  return new Map(
    found.flatMap(({ name, segmentsASecond }) => (segmentsASecond === null ? [] : [[name, segmentsASecond] as const])),
  );
}

export async function listCampaigns(sql: Sql): Promise<Campaign[]> {
  return rows(sql, 'SELECT name, CAST(segments_a_second AS DOUBLE) AS segmentsASecond FROM campaigns ORDER BY name');
}

export async function setCampaignPace(sql: Sql, { name, segmentsASecond }: Campaign): Promise<void> {
  await run(
    sql,
    `INSERT INTO campaigns (name, segments_a_second) VALUES (?, ?)
     ON DUPLICATE KEY UPDATE segments_a_second = VALUES(segments_a_second)`,
    [name, segmentsASecond],
  );
}

export async function listCaps(sql: Sql): Promise<CampaignCap[]> {
  return rows(
    sql,
    'SELECT campaign, network, segments_a_day AS segmentsADay FROM campaign_caps ORDER BY campaign, network',
  );
}

/** Null ends the cap. */
export async function setCap(
  sql: Sql,
  { campaign, network, segmentsADay }: Omit<CampaignCap, 'segmentsADay'> & { segmentsADay: number | null },
): Promise<void> {
  if (segmentsADay === null)
    await run(sql, 'DELETE FROM campaign_caps WHERE campaign = ? AND network = ?', [campaign, network]);
  else
    await run(
      sql,
      `INSERT INTO campaign_caps (campaign, network, segments_a_day) VALUES (?, ?, ?)
       ON DUPLICATE KEY UPDATE segments_a_day = VALUES(segments_a_day)`,
      [campaign, network, segmentsADay],
    );
}

/** All caps, and what of them went, and was held, on a day. */
export async function readCapDays(
  sql: Sql,
  day: string,
): Promise<(CampaignCap & { segments: number; held: number })[]> {
  return rows(
    sql,
    `SELECT c.campaign, c.network, c.segments_a_day AS segmentsADay, COALESCE(d.segments, 0) AS segments, COALESCE(d.held, 0) AS held
     FROM campaign_caps c LEFT JOIN campaign_days d ON d.campaign = c.campaign AND d.network = c.network AND d.day = ?
     ORDER BY c.campaign, c.network`,
    [day],
  );
}

/** Locks what was counted for a cap on a day, in a transaction that takes them in order. */
export async function lockUsed(tx: Tx, { campaign, network, day }: CapDay): Promise<number> {
  await run(tx, 'INSERT IGNORE INTO campaign_days (campaign, network, day, segments) VALUES (?, ?, ?, 0)', [
    campaign,
    network,
    day,
  ]);
  const [found] = await rows<{ segments: number }>(
    tx,
    'SELECT segments FROM campaign_days WHERE campaign = ? AND network = ? AND day = ? FOR UPDATE',
    [campaign, network, day],
  );
  return found?.segments ?? 0;
}

/** Counts more, or with a negative number less, on a day. */
export async function addUsed(
  sql: Sql,
  { campaign, network, day, segments, held = 0 }: CapDay & { segments: number; held?: number },
): Promise<void> {
  await run(
    sql,
    `INSERT INTO campaign_days (campaign, network, day, segments, held) VALUES (?, ?, ?, GREATEST(0, ?), ?)
     ON DUPLICATE KEY UPDATE segments = GREATEST(0, CAST(segments AS SIGNED) + ?), held = held + VALUES(held)`,
    [campaign, network, day, segments, held, segments],
  );
}

/** The networks of people, as their last reports said, by the id of the person; those that nothing is known of are missing. */
export async function readNetworks(sql: Sql, personIds: readonly number[]): Promise<Map<number, string>> {
  if (personIds.length === 0) return new Map();
  const found = await rows<{ id: number; network: string }>(
    sql,
    'SELECT id, network FROM people WHERE id IN (?) AND network IS NOT NULL',
    [personIds],
  );
  return new Map(found.map(({ id, network }) => [id, network]));
}

/** Notes the network of a person; false where it was known. */
export async function setNetwork(
  tx: Tx,
  { personId, network }: { personId: number; network: string },
): Promise<boolean> {
  const { affected } = await run(tx, 'UPDATE people SET network = ? WHERE id = ? AND NOT network <=> ?', [
    network,
    personId,
    network,
  ]);
  return affected === 1;
}

/** What was sent to somebody, the campaign of the number that it went through, and when; undefined where none was in one. */
export async function readSentThrough(
  sql: Sql,
  { messageId, personId, part }: DeliveryKey,
): Promise<{ campaign: string; text: string; media: string | null; at: Date } | undefined> {
  return row(
    sql,
    `SELECT n.campaign, m.text, m.media, COALESCE(d.sent_at, NOW(3)) AS at FROM deliveries d
     JOIN numbers n ON n.id = d.number_id JOIN messages m ON m.id = d.message_id
     WHERE d.message_id = ? AND d.person_id = ? AND d.part = ? AND n.campaign IS NOT NULL`,
    [messageId, personId, part],
  );
}
