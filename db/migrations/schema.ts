import type { Knex } from 'knex';
import { rows } from '../connect.ts';

/** The columns, keys and constraints of each table, as they stand in a CREATE TABLE. */
export type Tables = Readonly<Record<string, readonly string[]>>;

/**
 * A migration that makes what is missing: a whole table, or columns, keys and constraints of a table that is there. DDL
 * is not transactional, so it asks the server what is there, and one that died half-way is simply run again.
 */
export function makesTables(tables: Tables): Knex.Migration {
  return {
    async up(knex) {
      for (const [table, parts] of Object.entries(tables)) {
        const present = await partsOf(knex, table);
        const missing = parts.filter((part) => !present.has(nameOf(part)));
        if (present.size === 0) await knex.raw(`CREATE TABLE ${quote(table)} (${parts.join(', ')}) ${OPTIONS}`);
        else if (missing.length > 0)
          await knex.raw(`ALTER TABLE ${quote(table)} ${missing.map((part) => `ADD ${part}`).join(', ')}`);
      }
    },
    down: noWayBack,
  };
}

export async function noWayBack(): Promise<never> {
  throw new Error('there is no way back: restore a backup');
}

/** Gives columns and keys (`column name`, `key name`) of these tables other names, each where that is still to be done. */
export async function renames(
  knex: Knex,
  tables: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<void> {
  for (const [table, names] of Object.entries(tables)) {
    const present = await partsOf(knex, table);
    const left = Object.entries(names).filter(([from]) => present.has(from));
    const clauses = left.map(
      ([from, to]) => `RENAME ${from.replace(/^column/, 'COLUMN').replace(/^key/, 'INDEX')} TO ${to}`,
    );
    if (clauses.length > 0) await knex.raw(`ALTER TABLE ${quote(table)} ${clauses.join(', ')}`);
  }
}

/** Column types that recur. */
export const id = 'BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY';
export const ref = 'BIGINT UNSIGNED';
export const token = (length: number) => `VARCHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`;
/** Has its room from the start: a row that grows later splits its page. */
export const fixedToken = (length: number) => token(length).replace('VARCHAR', 'CHAR');
/** E.164, or a sender name of the carrier's. */
export const phone = token(20);
/** UTC, milliseconds. Never TIMESTAMP: it ends in 2038 and moves with the session's time zone. */
export const time = 'DATETIME(3)';
export const flag = 'TINYINT UNSIGNED NOT NULL DEFAULT 0';

/**
 * MySQL 9.7 checks one by the first key of the table that begins with its column (unique keys come first), and not at all
 * where a later column of that key is NULL. So that key has no column that a new row may leave NULL.
 */
export const foreignKey = (name: string, column: string, table: string) =>
  `CONSTRAINT ${name} FOREIGN KEY (${column}) REFERENCES ${quote(table)} (id)`;

/**
 * Charset and collation are named for every table: server defaults differ, and under the `general` and `unicode`
 * collations all emoji are equal.
 */
const OPTIONS = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci';

/** `groups` is a reserved word of MySQL. */
const quote = (table: string) => `\`${table}\``;

/** What a table has, named as `nameOf` names it; nothing where there is no such table. */
async function partsOf(knex: Knex, table: string): Promise<Set<string>> {
  const found = await rows<{ part: string }>(
    knex,
    `SELECT CONCAT('column ', column_name) AS part FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ?
     UNION SELECT CONCAT('key ', index_name) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = ?
     UNION SELECT CONCAT('constraint ', constraint_name) FROM information_schema.table_constraints
     WHERE table_schema = DATABASE() AND table_name = ?`,
    [table, table, table],
  );
  return new Set(found.map(({ part }) => part));
}

/** What a line of a table makes: `column name`, `key accounts_person`, `constraint accounts_person`. */
function nameOf(part: string): string {
  if (part.startsWith('PRIMARY KEY')) return 'key PRIMARY';
  const [, kind, name] = /^(?:(?:UNIQUE |FULLTEXT )?(KEY|CONSTRAINT) )?(\w+)/.exec(part) ?? [];
  return `${(kind ?? 'column').toLowerCase()} ${name}`;
}
