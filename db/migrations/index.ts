import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Knex } from 'knex';

/**
 * Every migration: a file each in this folder, in the order of their numbers. One that was released is never edited; a
 * change is a new file. Named without the ending, so that the sources and the compiled program have the same list.
 */
export const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () =>
    readdirSync(import.meta.dirname)
      .flatMap((file) => /^(\d{4}_\w+)\.[jt]s$/.exec(file)?.[1] ?? [])
      .sort(),
  getMigrationName: (name) => name,
  async getMigration(name) {
    const file = `./${name}${path.extname(import.meta.filename)}`;
    return ((await import(file)) as { default: Knex.Migration }).default;
  },
};
