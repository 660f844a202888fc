import type { Knex } from 'knex';
import { row, run } from '../connect.ts';
import { noWayBack } from './schema.ts';

/** Messages of no group are of group 0, which has no row: each message says which rows it belongs to. Older ones have NULL. */
export default {
  async up(knex: Knex) {
    const found = await row(
      knex,
      `SELECT 1 FROM information_schema.table_constraints
       WHERE constraint_schema = DATABASE() AND table_name = 'messages' AND constraint_name = 'messages_group' AND constraint_type = 'FOREIGN KEY'`,
    );
    if (found !== undefined) await run(knex, 'ALTER TABLE messages DROP FOREIGN KEY messages_group');
  },
  down: noWayBack,
};
