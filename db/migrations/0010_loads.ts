import type { Knex } from 'knex';
import { addChanges, type Change, dropChanges } from './changes.ts';
import { time } from './tables.ts';

/** How many memberships a number carries, as the clock counted them last. */
const changes: Change[] = [
  { table: 'numbers', column: 'carries', add: 'carries INT UNSIGNED NOT NULL DEFAULT 0' },
  { table: 'numbers', column: 'counted_at', add: `counted_at ${time} NULL` },
];

export default {
  up: (knex) => addChanges(knex, changes),
  down: (knex) => dropChanges(knex, changes),
} satisfies Knex.Migration;
