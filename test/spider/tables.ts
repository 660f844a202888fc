import { type Db, row, rows } from '../../db/connect.ts';
import type { Address } from '../../dev/stack/state.ts';
import { readShardKeys } from '../support/key-table.ts';

const sharded = Object.entries(readShardKeys());

/** On a backend: its rows hang on rows of the Spider server, and messages of no group are of group 0, which the key holds. */
export async function prepareBackend(db: Db): Promise<void> {
  await dropForeignKeys(db);
  await db.raw('ALTER TABLE messages MODIFY group_id BIGINT UNSIGNED NOT NULL DEFAULT 0');
}

async function dropForeignKeys(db: Db): Promise<void> {
  const keys = await rows<{ name: string; table: string }>(
    db,
    'SELECT constraint_name AS name, table_name AS `table` FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()',
  );
  for (const { name, table } of keys) await db.raw(`ALTER TABLE \`${table}\` DROP FOREIGN KEY ${name}`);
}

/** Puts a Spider table in the place of each sharded one, with one partition a backend. */
export async function shardTables(
  db: Db,
  { backends, database }: { backends: readonly Address[]; database: string },
): Promise<void> {
  await dropForeignKeys(db);
  for (const [at, { port, password }] of backends.entries())
    await db.raw(
      `CREATE OR REPLACE SERVER shard_${at} FOREIGN DATA WRAPPER mysql
       OPTIONS (HOST '127.0.0.1', PORT ${port}, USER 'texting', PASSWORD '${password}', DATABASE '${database}')`,
    );
  for (const [table, { own }] of sharded) {
    const found = await row<Record<'Create Table', string>>(db, `SHOW CREATE TABLE \`${table}\``);
    await db.raw(`DROP TABLE \`${table}\``);
    await db.raw(asSpider(table, { made: found?.['Create Table'] ?? '', key: own[0] ?? '', count: backends.length }));
  }
  await db.raw(
    'CREATE TRIGGER of_no_group BEFORE INSERT ON messages FOR EACH ROW SET NEW.group_id = COALESCE(NEW.group_id, 0)',
  );
}

/**
 * A partitioned table may have no unique key without the column that splits it (error 1503), nor a foreign key: the
 * backends have both. Ids are counted by them too, but for those of groups, which say where a group goes.
 */
function asSpider(table: string, { made, key, count }: { made: string; key: string; count: number }): string {
  const parts = made
    .split('\n')
    .slice(1, -1)
    .map((line) => line.trim().replace(/,$/, ''))
    .filter((line) => !line.startsWith('CONSTRAINT'))
    .map((line) => withKey(line.replace(/^(`group_id` .+) DEFAULT NULL/, '$1 NOT NULL DEFAULT 0'), key));
  const ids = made.includes('AUTO_INCREMENT') && key !== 'id' ? ', auto_increment_mode "2"' : '';
  const shards = Array.from({ length: count }, (_, at) => `PARTITION s${at} COMMENT = 'srv "shard_${at}"'`);
  return `CREATE TABLE \`${table}\` (${parts.join(', ')}) ENGINE=SPIDER DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
    COMMENT='wrapper "mysql", table "${table}"${ids}' PARTITION BY HASH (\`${key}\`) (${shards.join(', ')})`;
}

function withKey(line: string, key: string): string {
  const columns = /^(?:PRIMARY KEY|UNIQUE KEY `\w+`) \((.+)\)/.exec(line)?.[1];
  if (columns === undefined || columns.split(',').includes(`\`${key}\``)) return line;
  // Statements name the primary key, so there is one; it begins as it did.
  return line.startsWith('PRIMARY') ? `PRIMARY KEY (${columns}, \`${key}\`)` : line.replace('UNIQUE KEY', 'KEY');
}
