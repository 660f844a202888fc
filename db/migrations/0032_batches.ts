import type { Knex } from 'knex';
import { addChanges, type Change, dropChanges } from './changes.ts';
import { makesTables, ref, time, token } from './tables.ts';

const tables = makesTables({
  // Gone as soon as each of its deliveries has an outcome.
  batches: [
    `message_id ${ref} NOT NULL COMMENT 'row of messages'`,
    `id ${ref} NOT NULL`,
    `number_id ${ref} NOT NULL`,
    `cost INT UNSIGNED NOT NULL COMMENT 'pennies that one try of each delivery costs the owner'`,
    `claim ${token(24).replace('VARCHAR', 'CHAR')} NOT NULL DEFAULT '' COMMENT 'which worker has it'`,
    `due_at ${time} NOT NULL COMMENT 'when the sweeper has to look at it'`,
    'PRIMARY KEY (message_id, id)',
    'KEY batches_due (due_at)',
    'CONSTRAINT batches_message FOREIGN KEY (message_id) REFERENCES messages (id)',
  ],
});

const changes: readonly Change[] = [
  {
    table: 'deliveries',
    column: 'batch',
    add: `COLUMN batch ${ref} NULL COMMENT 'row of batches, until the outcome of the first try'`,
  },
];

/**
 * First tries that go out together are claimed, and looked for, as one: a row of their batch is written for all of them
 * where each had its own written three times.
 */
export default {
  async up(knex) {
    await tables.up(knex);
    await addChanges(knex, changes);
  },
  async down(knex) {
    await dropChanges(knex, changes);
    await tables.down?.(knex);
  },
} satisfies Knex.Migration;
