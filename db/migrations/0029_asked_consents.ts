import type { Knex } from 'knex';
import { run } from '../connect.ts';
import { makesTables, noWayBack, ref } from './schema.ts';

const tables = makesTables({
  consents: [`number_id ${ref} NULL COMMENT 'the number of ours whose texts alone it is about; NULL: of all'`],
});

export default {
  async up(knex: Knex) {
    await tables.up(knex);
    await run(
      knex,
      `ALTER TABLE consents MODIFY kind ENUM('consent', 'refusal', 'leave', 'stop', 'start', 'asked') NOT NULL,
         MODIFY way ENUM('text', 'call', 'carrier', 'operator') NOT NULL,
         MODIFY by_id ${ref} NULL COMMENT 'NULL: an operator, the system, or a caller without a session'`,
    );
  },
  down: noWayBack,
};
