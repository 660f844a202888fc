import type { Knex } from 'knex';
import { run } from '../connect.ts';
import { foreignKey, makesTables, ref, time, token } from './schema.ts';

const tables = makesTables({
  // A carrier blocks all numbers of one campaign for one phone.
  campaign_blocks: [
    `person_id ${ref} NOT NULL`,
    `campaign ${token(64)} NOT NULL COMMENT 'empty: of the numbers whose campaign is not known'`,
    `since ${time} NOT NULL`,
    'PRIMARY KEY (person_id, campaign)',
    'KEY campaign_blocks_since (since)',
    foreignKey('campaign_blocks_person', 'person_id', 'people'),
  ],
});

export default {
  ...tables,
  async up(knex) {
    await tables.up(knex);
    // Which one it was is not known any more: a START to one of its numbers lifts it.
    await run(
      knex,
      `INSERT IGNORE INTO campaign_blocks (person_id, campaign, since)
       SELECT p.id, c.campaign, COALESCE(p.blocked_at, NOW(3)) FROM people p
       JOIN (SELECT DISTINCT COALESCE(campaign, '') AS campaign FROM numbers WHERE class <> 'tollfree') c WHERE p.blocked_by_carrier = 1`,
    );
  },
} satisfies Knex.Migration;
