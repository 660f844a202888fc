import type { Knex } from 'knex';
import people from './0001_people.ts';
import groups from './0002_groups.ts';
import messages from './0003_messages.ts';
import sessions from './0004_sessions.ts';

/** Every migration in order. A merged one is never edited: a change is a new row. */
const migrations: [string, Knex.Migration][] = [
  ['0001_people', people],
  ['0002_groups', groups],
  ['0003_messages', messages],
  ['0004_sessions', sessions],
];

/** Named by row, not by file name, so that the same list serves the sources and the compiled program. */
export const migrationSource: Knex.MigrationSource<[string, Knex.Migration]> = {
  getMigrations: async () => migrations,
  getMigrationName: ([name]) => name,
  getMigration: async ([, migration]) => migration,
};
