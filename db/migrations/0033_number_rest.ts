import type { Knex } from 'knex';
import { run } from '../connect.ts';
import { makesTables, noWayBack, time } from './schema.ts';

const tables = makesTables({
  numbers: [`rests_until ${time} NULL COMMENT 'until then it gets new members only where nothing else is free'`],
});

export default {
  async up(knex: Knex) {
    await tables.up(knex);
    await run(
      knex,
      `ALTER TABLE numbers MODIFY kind ENUM('pool', 'service', 'ordered', 'released') NOT NULL
         COMMENT 'ordered: paid for, but not yet to be handed out; released: given back, the row is for what went through it'`,
    );
  },
  down: noWayBack,
};
