import { row, type Sql } from './connect.ts';

/** What an operator has set at MySQL or MariaDB and in our database. */
export type ServerFacts = {
  version: string;
  /** Of the database. */
  charset: string;
  readOnly: number;
  maxConnections: number;
  /** 1 where each commit is on disk before it is answered. */
  flushLog: number;
  /** 1 where the binary log, if there is one, is on disk with each commit. */
  syncBinlog: number;
  /** Every statement is written to a file, with what people say. */
  generalLog: number;
  /** The name of its machine, and where its data are there. */
  host: string;
  dataDir: string;
  now: Date;
};

export async function readServerFacts(sql: Sql): Promise<ServerFacts> {
  const facts = await row<ServerFacts>(
    sql,
    `SELECT VERSION() AS version, @@character_set_database AS charset, @@global.read_only AS readOnly,
       @@global.max_connections AS maxConnections, @@global.innodb_flush_log_at_trx_commit AS flushLog,
       IF(@@global.log_bin = 1, @@global.sync_binlog, 1) AS syncBinlog, @@global.general_log AS generalLog, @@hostname AS host,
       @@datadir AS dataDir, NOW(3) AS now`,
  );
  if (facts === undefined) throw new Error('MySQL says nothing of itself');
  return facts;
}
