import type { Knex } from 'knex';
import { foreignKey, makesTables, ref, time, token } from './schema.ts';

const tables = makesTables({
  numbers: [
    `class ENUM('long', 'tollfree', 'short') NOT NULL DEFAULT 'long' COMMENT 'decides the pace, and what a STOP to it blocks at the carrier'`,
    `campaign ${token(64)} NULL COMMENT 'of 10DLC, at which the carrier has it registered'`,
  ],
  // A carrier blocks one number of ours for one phone: a STOP to a toll-free number concerns that number alone.
  pair_blocks: [
    `person_id ${ref} NOT NULL`,
    `number_id ${ref} NOT NULL`,
    `since ${time} NOT NULL`,
    'PRIMARY KEY (person_id, number_id)',
    'KEY pair_blocks_number (number_id)',
    'KEY pair_blocks_since (since)',
    foreignKey('pair_blocks_person', 'person_id', 'people'),
    foreignKey('pair_blocks_number', 'number_id', 'numbers'),
  ],
});

export default {
  ...tables,
  async up(knex) {
    await tables.up(knex);
    // As engine/rules/number-class.ts reads them.
    await knex.raw("UPDATE numbers SET class = 'tollfree' WHERE phone REGEXP '^[+]18(00|33|44|55|66|77|88)[0-9]{7}$'");
    await knex.raw("UPDATE numbers SET class = 'short' WHERE phone REGEXP '^[0-9]{5,6}$'");
  },
} satisfies Knex.Migration;
