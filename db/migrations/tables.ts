import type { Knex } from 'knex';

/**
 * A migration that makes tables. Charset and collation are named here for every table: server defaults differ, and
 * under the `general` and `unicode` collations all emoji are equal. Repeatable, because DDL is not transactional: a
 * migration that died half-way is simply run again.
 */
export function makesTables(tables: Record<string, string[]>): Knex.Migration {
  return {
    async up(knex) {
      for (const [table, lines] of Object.entries(tables)) {
        await knex.raw(
          `CREATE TABLE IF NOT EXISTS \`${table}\` (\n${lines.join(',\n')}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci`,
        );
      }
    },
    async down(knex) {
      for (const table of Object.keys(tables).reverse()) await knex.schema.dropTableIfExists(table);
    },
  };
}

/** Column types that recur. */
export const id = 'BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY';
export const ref = 'BIGINT UNSIGNED';
export const token = (length: number) => `VARCHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`;
/** E.164, or a sender name of the carrier's. */
export const phone = token(20);
/** UTC, milliseconds. Never TIMESTAMP: it ends in 2038 and moves with the session's time zone. */
export const time = 'DATETIME(3)';
export const flag = 'TINYINT UNSIGNED NOT NULL DEFAULT 0';
