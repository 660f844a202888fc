import type { Knex } from 'knex';
import { row, rows } from '../connect.ts';
import { relist } from '../groups/search.ts';
import { makesTables, ref, time } from './tables.ts';

const tables = makesTables({
  // The active public groups, for `/group/list`. `words`: see db/groups/words.ts.
  public_groups: [
    `group_id ${ref} NOT NULL PRIMARY KEY`,
    `activated_at ${time} NOT NULL`,
    'words TEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL',
    'KEY public_groups_newest (activated_at)',
    'FULLTEXT KEY public_groups_words (words)',
    'CONSTRAINT public_groups_group FOREIGN KEY (group_id) REFERENCES `groups` (id)',
  ],
});

/** Members are counted from the index alone. */
export default {
  async up(knex) {
    await tables.up(knex);
    const index = await row(
      knex,
      `SELECT 1 FROM information_schema.statistics
       WHERE table_schema = DATABASE() AND table_name = 'memberships' AND index_name = 'memberships_present'`,
    );
    if (index === undefined)
      await knex.raw('ALTER TABLE memberships ADD KEY memberships_present (group_id, live, left_at)');
    const listed = await rows<{ id: number }>(
      knex,
      "SELECT id FROM `groups` WHERE state = 'active' AND is_public = 1 ORDER BY id",
    );
    for (const { id } of listed) await relist(knex, id);
  },
  async down(knex) {
    await tables.down?.(knex);
    await knex.raw('ALTER TABLE memberships DROP KEY memberships_present');
  },
} satisfies Knex.Migration;
