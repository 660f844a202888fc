import type { Knex } from 'knex';
import { row } from '../connect.ts';

/** One thing that a migration adds to a table that is there: a column or a key. */
export type Change = { table: string; add: string } & ({ column: string } | { index: string });

/** Adds what is not there yet, so that a migration that died half-way is simply run again. */
export async function addChanges(knex: Knex, changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    if (!(await isDone(knex, change))) await knex.raw(`ALTER TABLE ${change.table} ADD ${change.add}`);
  }
}

export async function dropChanges(knex: Knex, changes: readonly Change[]): Promise<void> {
  for (const change of [...changes].reverse()) {
    const what = 'column' in change ? `COLUMN ${change.column}` : `KEY ${change.index}`;
    if (await isDone(knex, change)) await knex.raw(`ALTER TABLE ${change.table} DROP ${what}`);
  }
}

async function isDone(knex: Knex, change: Change): Promise<boolean> {
  const [view, field, name] =
    'column' in change ? ['columns', 'column_name', change.column] : ['statistics', 'index_name', change.index];
  const found = await row(
    knex,
    `SELECT 1 FROM information_schema.${view} WHERE table_schema = DATABASE() AND table_name = ? AND ${field} = ?`,
    [change.table, name],
  );
  return found !== undefined;
}
