import { type Db, openDb } from '../../db/connect.ts';
import { acquire, ask, type Connection, release } from '../../db/connection.ts';
import { readShardKeys } from './key-table.ts';

/** The rows of groups, or those of the keyspace `first`: people, money and guards. */
export type Half = 'groups' | 'first';
/** Of a transaction that writes both halves, and these tables, only this one is kept; its COMMIT is never answered. */
export type Tear = { keep: Half; writes: readonly string[] };

export type Tearing = {
  /** Tears the next transaction that fits. */
  next(tear: Tear): void;
  /** Tears those for which this names a half to keep; null tears none any more. */
  each(choose: ((tables: ReadonlySet<string>) => Half | null) | null): void;
  /** How many were torn so far. */
  count(): number;
  close(): Promise<void>;
};

/**
 * Makes of each transaction of a pool two, as a database that is split has them: one on the rows of groups, one on the rest, each on a
 * connection of its own. Both are committed, one after the other, unless a tear is asked for.
 */
export function tearTransactions(db: Db, url: string): Tearing {
  const firsts = openDb(url);
  const groups = new Set(Object.keys(readShardKeys()));
  const wanted: Tear[] = [];
  let choose: ((tables: ReadonlySet<string>) => Half | null) | null = null;
  let torn = 0;

  function halfKept(tables: ReadonlySet<string>): Half | null {
    const isBoth = [...tables].some((table) => groups.has(table)) && [...tables].some((table) => !groups.has(table));
    if (!isBoth) return null;
    const at = wanted.findIndex(({ writes }) => writes.every((table) => tables.has(table)));
    return at >= 0 ? (wanted.splice(at, 1)[0]?.keep ?? null) : (choose?.(tables) ?? null);
  }

  const pool: Pick<Client, 'acquireConnection' | 'releaseConnection'> = db.client;
  const take = pool.acquireConnection.bind(pool);
  const giveBack = pool.releaseConnection.bind(pool);
  const bare = new WeakMap<Connection, Connection>();
  pool.acquireConnection = async () => {
    const connection = await take();
    const both = inHalves(connection, {
      firsts,
      isOfGroups: (text) => namesIn(text).some((name) => groups.has(name)),
      keeps(tables) {
        const half = halfKept(tables);
        if (half !== null) torn++;
        return half;
      },
    });
    bare.set(both, connection);
    return both;
  };
  pool.releaseConnection = (connection) => giveBack(bare.get(connection) ?? connection);
  return {
    next: (tear) => void wanted.push(tear),
    each(chosen) {
      choose = chosen;
    },
    count: () => torn,
    close: () => firsts.destroy(),
  };
}

type Client = {
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
};
type Halving = {
  firsts: Db;
  isOfGroups(text: string): boolean;
  keeps(tables: ReadonlySet<string>): Half | null;
};

/** A connection as the product sees it. Outside of transactions it is the one that it was. */
function inHalves(connection: Connection, { firsts, isOfGroups, keeps }: Halving): Connection {
  let isOpen = false;
  let first: Promise<Connection> | null = null;
  const written = new Set<string>();

  async function answer(text: string, values: readonly unknown[]): Promise<unknown> {
    const [verb = ''] = text.split(/\s/, 1);
    if (verb === 'COMMIT' || verb === 'ROLLBACK') return end(verb);
    if (verb === 'BEGIN') {
      isOpen = true;
      written.clear();
      // Rows of one half name rows of the other, which are not there yet; no engine checks that over shards.
      await ask(connection, 'SET foreign_key_checks = 0');
    }
    if (!isOpen || verb === 'BEGIN') return ask(connection, text, values);
    const table = writtenIn(text);
    if (table !== undefined) written.add(table);
    if (isOfGroups(text)) return ask(connection, text, values);
    first ??= begin();
    return ask(await first, text, values);
  }

  async function begin(): Promise<Connection> {
    const own = await acquire(firsts);
    await ask(own, 'SET foreign_key_checks = 0');
    await ask(own, 'BEGIN');
    return own;
  }

  async function end(verb: 'COMMIT' | 'ROLLBACK'): Promise<unknown> {
    const kept = verb === 'COMMIT' ? keeps(written) : null;
    isOpen = false;
    await ask(connection, kept === 'first' ? 'ROLLBACK' : verb);
    await ask(connection, 'SET foreign_key_checks = 1');
    await endFirst(kept === 'groups' ? 'ROLLBACK' : verb);
    if (kept !== null) throw Object.assign(new Error('the answer was lost'), LOST);
    return {};
  }

  async function endFirst(verb: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    if (first === null) return;
    const own = await first;
    first = null;
    await ask(own, verb);
    await ask(own, 'SET foreign_key_checks = 1');
    release(firsts, own);
  }

  /** As the product asks; the pool itself asks otherwise. */
  function query(options: unknown, ...rest: unknown[]): unknown {
    const [done] = rest;
    if (rest.length !== 1 || typeof done !== 'function')
      return Reflect.apply(connection.query, connection, [options, ...rest]);
    const { sql, values } = options as { sql: string; values: readonly unknown[] };
    return void answer(sql, values).then(
      (result) => done(null, result),
      (error) => done(error, null),
    );
  }
  return new Proxy(connection, {
    get(target, name) {
      if (name === 'query') return query;
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** As the driver says that the server hung up. */
const LOST = { code: 'PROTOCOL_CONNECTION_LOST', fatal: true };

function namesIn(text: string): string[] {
  return text.match(/\b[a-z]\w*\b/g) ?? [];
}

/** The table that a statement writes, also behind a table of keys. */
function writtenIn(text: string): string | undefined {
  const [, insert] = /^\s*INSERT (?:IGNORE )?INTO `?(\w+)/.exec(text) ?? [];
  const bare = text.replace(/\(SELECT \* FROM JSON_TABLE\(.*?\) j\) k/s, 'k');
  const change = /^\s*(?:UPDATE k|UPDATE|DELETE(?: \w+)? FROM(?: k)?)\s+(?:STRAIGHT_JOIN\s+)?`?(\w+)`?/.exec(bare);
  return insert ?? change?.[1];
}
