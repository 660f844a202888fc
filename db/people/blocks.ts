import { row, rows, run, type Sql } from '../connect.ts';

/*
 * Two things stop our texts to a phone. A STOP, which we keep (`blocked_at`): nothing goes there, from any number. And
 * the carrier's own block, which lasts until the carrier hears a START: of the one number where that is toll-free
 * (`pair_blocks`), else of all numbers of its campaign (`campaign_blocks`; `blocked_by_carrier` says that there are some).
 * Numbers whose campaign is not known count as one.
 */

/** True in SQL where the carrier blocks texts of a number (a row of `numbers`) to a person (a row of `people`). */
export const blockedByCarrierSql = (person: string, number: string) =>
  `((${person}.blocked_by_carrier = 1 AND ${number}.class <> 'tollfree' AND EXISTS (
    SELECT 1 FROM campaign_blocks cb WHERE cb.person_id = ${person}.id AND cb.campaign = COALESCE(${number}.campaign, ''))) OR EXISTS (
    SELECT 1 FROM pair_blocks pb WHERE pb.person_id = ${person}.id AND pb.number_id = ${number}.id))`;

/** True in SQL where no text of a number goes to a person: every sender asks this, and nothing else. */
export const blockedSql = (person: string, number: string) =>
  `(${person}.blocked_at IS NOT NULL OR ${blockedByCarrierSql(person, number)})`;

/** Records a STOP (a time) or a START (null); false where it was recorded before. */
export async function setBlocked(sql: Sql, { personId, at }: { personId: number; at: Date | null }): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE people SET blocked_at = ? WHERE id = ? AND (blocked_at IS NULL) <> (? IS NULL)',
    [at, personId, at],
  );
  return affected === 1;
}

/** Locks the person and says whether they said STOP. */
export async function isBlocked(sql: Sql, personId: number): Promise<boolean> {
  const found = await row<{ blockedAt: Date | null }>(
    sql,
    'SELECT blocked_at AS blockedAt FROM people WHERE id = ? FOR UPDATE',
    [personId],
  );
  return found !== undefined && found.blockedAt !== null;
}

type Pair = { personId: number; numberId: number };

/** Records that the carrier blocks texts of this number to the person. `isNew`: it was not recorded before. */
export async function addCarrierBlock(
  sql: Sql,
  { personId, numberId, now }: Pair & { now: Date },
): Promise<{ scope: 'pair' | 'campaign'; isNew: boolean }> {
  const campaign = await campaignOf(sql, numberId);
  if (campaign === null) {
    const { affected } = await run(
      sql,
      'INSERT IGNORE INTO pair_blocks (person_id, number_id, since) VALUES (?, ?, ?)',
      [personId, numberId, now],
    );
    return { scope: 'pair', isNew: affected === 1 };
  }
  const { affected } = await run(
    sql,
    'INSERT IGNORE INTO campaign_blocks (person_id, campaign, since) VALUES (?, ?, ?)',
    [personId, campaign, now],
  );
  await run(sql, 'UPDATE people SET blocked_by_carrier = 1 WHERE id = ?', [personId]);
  return { scope: 'campaign', isNew: affected === 1 };
}

/**
 * Records that the carrier has lifted its block, by a START to this number. Returns which; null where there was none. A
 * block of numbers whose campaign is not known may be any campaign's.
 */
export async function dropCarrierBlock(sql: Sql, { personId, numberId }: Pair): Promise<'pair' | 'campaign' | null> {
  const campaign = await campaignOf(sql, numberId);
  if (campaign === null) {
    const { affected } = await run(sql, 'DELETE FROM pair_blocks WHERE person_id = ? AND number_id = ?', [
      personId,
      numberId,
    ]);
    return affected === 1 ? 'pair' : null;
  }
  const { affected } = await run(
    sql,
    "DELETE FROM campaign_blocks WHERE person_id = ? AND (? = '' OR campaign IN (?, ''))",
    [personId, campaign, campaign],
  );
  await run(
    sql,
    `UPDATE people SET blocked_by_carrier = EXISTS (SELECT 1 FROM campaign_blocks cb WHERE cb.person_id = people.id) WHERE id = ?`,
    [personId],
  );
  return affected > 0 ? 'campaign' : null;
}

/** Null where the carrier blocks the number alone; empty where it belongs to no campaign that we know. */
async function campaignOf(sql: Sql, numberId: number): Promise<string | null> {
  const number = await row<{ campaign: string | null }>(
    sql,
    "SELECT IF(class = 'tollfree', NULL, COALESCE(campaign, '')) AS campaign FROM numbers WHERE id = ?",
    [numberId],
  );
  return number === undefined ? '' : number.campaign;
}

/**
 * To which numbers, after a START to this one, another START has to go until the person gets the texts of all their
 * groups, and those of the service number: each toll-free one that the carrier blocks, and one of each other campaign.
 */
export async function findStillBlocked(sql: Sql, { personId, numberId }: Pair): Promise<string[]> {
  const found = await rows<{ phone: string; class: string; campaign: string }>(
    sql,
    `SELECT n.phone, n.class, COALESCE(n.campaign, '') AS campaign FROM people p JOIN numbers h ON h.id = ? JOIN numbers n ON n.id <> h.id
     WHERE p.id = ? AND ${blockedByCarrierSql('p', 'n')}
       AND (n.class = 'tollfree' OR h.class = 'tollfree' OR n.campaign <> h.campaign)
       AND (n.kind = 'service' OR EXISTS (SELECT 1 FROM memberships m JOIN \`groups\` g ON g.id = m.group_id AND g.state = 'active'
         WHERE m.person_id = p.id AND m.number_id = n.id AND m.live = 1)) ORDER BY n.id`,
    [numberId, personId],
  );
  const isFirst = (at: number) => {
    const { class: kind, campaign } = found[at] ?? {};
    return (
      kind === 'tollfree' || found.findIndex((one) => one.class !== 'tollfree' && one.campaign === campaign) === at
    );
  };
  return found.filter((_, at) => isFirst(at)).map(({ phone }) => phone);
}
