import { type Db, row, rows } from '../../db/connect.ts';
import type { Address } from '../../dev/stack/state.ts';

/**
 * Of the keyspace `first`: what is of people, their sessions and their money, of whatever groups. The first primary has these tables,
 * the others have links to them.
 */
export const LINKED = [
  ...['people', 'sessions', 'devices', 'hints', 'pins', 'drafts', 'consents', 'campaign_blocks', 'api_keys', 'media'],
  ...['accounts', 'ledger', 'ledger_checks', 'charges', 'payment_events', 'emails', 'operators', 'operator_sessions'],
] as const;

/** The rest of `first`, which each primary has for itself: it is of its numbers, of texts to them, and of its processes. */
export const OWN = [
  ...['numbers', 'carrier_pauses', 'sending_holds', 'pair_blocks', 'campaigns', 'campaign_caps', 'campaign_days'],
  ...['inbound_texts', 'done_calls', 'first_texts', 'answer_texts', 'budget_locks', 'public_groups'],
  ...['hooks', 'hook_events', 'senders', 'commit_probes', 'system_names', 'purges', 'purged_costs', 'audit'],
] as const;

/** On the first: rows of people may be of groups that another primary has. */
export async function freeFromGroups(db: Db): Promise<void> {
  await dropForeignKeys(db, ({ table, to }) => isLinked(table) && !isLinked(to));
}

/** On another: Spider tables in the place of those that the first has, each of one server, with the first's own keys and ids. */
export async function linkTables(db: Db, { first, database }: { first: Address; database: string }): Promise<void> {
  await dropForeignKeys(db, ({ table, to }) => isLinked(table) || isLinked(to));
  await db.raw(
    `CREATE OR REPLACE SERVER first FOREIGN DATA WRAPPER mysql
     OPTIONS (HOST '127.0.0.1', PORT ${first.port}, USER 'texting', PASSWORD '${first.password}', DATABASE '${database}')`,
  );
  for (const table of LINKED) {
    const found = await row<Record<'Create Table', string>>(db, `SHOW CREATE TABLE \`${table}\``);
    await db.raw(`DROP TABLE \`${table}\``);
    await db.raw(asLink(table, found?.['Create Table'] ?? ''));
  }
}

function isLinked(table: string): boolean {
  return LINKED.some((one) => one === table);
}

type ForeignKey = { name: string; table: string; to: string };

async function dropForeignKeys(db: Db, which: (key: ForeignKey) => boolean): Promise<void> {
  const keys = await rows<ForeignKey>(
    db,
    `SELECT constraint_name AS name, table_name AS \`table\`, referenced_table_name AS \`to\`
     FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()`,
  );
  for (const { name, table } of keys.filter(which)) await db.raw(`ALTER TABLE \`${table}\` DROP FOREIGN KEY ${name}`);
}

function asLink(table: string, made: string): string {
  const parts = made
    .split('\n')
    .slice(1, -1)
    .map((line) => line.trim().replace(/,$/, ''))
    .filter((line) => !line.startsWith('CONSTRAINT'))
    // The first computes it: a link that did so too would write it, which is refused (error 1906).
    .map((line) => line.replace(/ GENERATED ALWAYS AS .+ STORED/, ' DEFAULT NULL'));
  const ids = made.includes('AUTO_INCREMENT') ? ', auto_increment_mode "2"' : '';
  return `CREATE TABLE \`${table}\` (${parts.join(', ')}) ENGINE=SPIDER DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci
    COMMENT='wrapper "mysql", srv "first", table "${table}"${ids}'`;
}
