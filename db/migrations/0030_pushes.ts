import type { Knex } from 'knex';
import { row } from '../connect.ts';

/**
 * How a delivery goes to its member. One by push has a single row, whatever its length; where no push gets through, it
 * makes way for the rows of a text. Other rows keep the default, so nothing is rewritten.
 */
export default {
  async up(knex) {
    if (!(await hasVia(knex)))
      await knex.raw("ALTER TABLE deliveries ADD COLUMN via ENUM('sms', 'push') NOT NULL DEFAULT 'sms'");
  },
  async down(knex) {
    if (await hasVia(knex)) await knex.raw('ALTER TABLE deliveries DROP COLUMN via');
  },
} satisfies Knex.Migration;

async function hasVia(knex: Knex): Promise<boolean> {
  const column = await row(
    knex,
    `SELECT 1 FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'deliveries' AND column_name = 'via'`,
  );
  return column !== undefined;
}
