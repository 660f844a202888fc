import type { Knex } from 'knex';
import { row } from '../connect.ts';
import { token } from './tables.ts';

/**
 * Deliveries are written more than anything else. Nobody looks for them by person or number, so the two indexes that
 * foreign keys forced on the table only cost. And what its claim and its carrier’s id fill in later has room from the
 * start: rows that grow split their page, which cost a third of all the work and of the space.
 */
const roomy = { claim: 24, carrier_id: 64 };
const parents = { person: 'people', number: 'numbers' };

export default {
  async up(knex) {
    for (const parent of Object.keys(parents)) {
      if (await has(knex, 'constraint', parent))
        await knex.raw(`ALTER TABLE deliveries DROP FOREIGN KEY deliveries_${parent}`);
      if (await has(knex, 'index', parent)) await knex.raw(`ALTER TABLE deliveries DROP KEY deliveries_${parent}`);
    }
    const columns = Object.entries(roomy).map(([name, length]) => `MODIFY ${name} ${fixed(length)} NULL DEFAULT ''`);
    await knex.raw(`ALTER TABLE deliveries ${columns.join(', ')}`);
  },
  async down(knex) {
    await knex.raw(`ALTER TABLE deliveries MODIFY claim ${token(30)} NULL, MODIFY carrier_id ${token(64)} NULL`);
    for (const [parent, table] of Object.entries(parents)) {
      if (!(await has(knex, 'constraint', parent)))
        await knex.raw(
          `ALTER TABLE deliveries ADD CONSTRAINT deliveries_${parent} FOREIGN KEY (${parent}_id) REFERENCES ${table} (id)`,
        );
    }
  },
} satisfies Knex.Migration;

function fixed(length: number): string {
  return token(length).replace('VARCHAR', 'CHAR');
}

async function has(knex: Knex, what: 'constraint' | 'index', parent: string): Promise<boolean> {
  const [table, column] =
    what === 'constraint' ? ['table_constraints', 'constraint_name'] : ['statistics', 'index_name'];
  const found = await row(
    knex,
    `SELECT 1 FROM information_schema.${table} WHERE table_schema = DATABASE() AND table_name = 'deliveries' AND ${column} = ?`,
    [`deliveries_${parent}`],
  );
  return found !== undefined;
}
