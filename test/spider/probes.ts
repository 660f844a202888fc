import { DatabaseUnavailable, type Db, onOneConnection, row, rows, type Tx, transact } from '../../db/connect.ts';

/** What a backend has, and how many of its rows are of a group, or of a message, that it does not have. */
export type Home = { groups: number; messages: number; deliveries: number; strays: number };

export async function readHome(db: Db): Promise<Home> {
  const home = await row<Home>(
    db,
    `SELECT (SELECT COUNT(*) FROM \`groups\`) AS \`groups\`, (SELECT COUNT(*) FROM messages) AS messages,
       (SELECT COUNT(*) FROM deliveries) AS deliveries,
       (SELECT COUNT(*) FROM messages m LEFT JOIN \`groups\` g ON g.id = m.group_id WHERE m.group_id <> 0 AND g.id IS NULL)
       + (SELECT COUNT(*) FROM memberships m LEFT JOIN \`groups\` g ON g.id = m.group_id WHERE g.id IS NULL)
       + (SELECT COUNT(*) FROM deliveries d LEFT JOIN messages m ON m.id = d.message_id WHERE m.id IS NULL) AS strays`,
  );
  return home ?? { groups: 0, messages: 0, deliveries: 0, strays: 0 };
}

/** Statements that a server was asked since it started. */
export async function countAsked(db: Db): Promise<number> {
  const [found] = await rows<{ Value: string }>(db, "SHOW GLOBAL STATUS LIKE 'Questions'");
  return Number(found?.Value ?? 0);
}

/**
 * Whether two transactions that each lock the next delivery of a message, and skip what is locked, get two: as slots are
 * handed out.
 */
export async function skipsLocked(db: Db): Promise<'each gets another' | 'both get the same' | 'the second waits'> {
  const some = await row<{ id: number }>(
    db,
    'SELECT message_id AS id FROM deliveries GROUP BY message_id HAVING COUNT(*) > 1 ORDER BY message_id DESC LIMIT 1',
  );
  const next = (tx: Tx) =>
    rows<{ personId: number }>(
      tx,
      'SELECT person_id AS personId FROM deliveries WHERE message_id = ? ORDER BY person_id, part LIMIT 1 FOR UPDATE SKIP LOCKED',
      [some?.id ?? 0],
    );
  return transact(db, async (one) => {
    const [first] = await next(one);
    if (first === undefined) throw new Error('there is no delivery');
    const second = await onOneConnection(db, next).catch((error: Error) => error);
    if (second instanceof DatabaseUnavailable) return 'the second waits';
    if (second instanceof Error) throw second;
    return second[0]?.personId === first.personId ? 'both get the same' : 'each gets another';
  });
}

/** What becomes of one transaction on two backends of which one dies before the COMMIT. */
export async function commitHalf(db: Db, { kill, look }: { kill(): Promise<void>; look: Db }): Promise<string> {
  const ids = await rows<{ id: number }>(db, 'SELECT MIN(id) AS id FROM `groups` GROUP BY id MOD 2');
  const outcome = await transact(db, async (tx) => {
    for (const { id } of ids) await rows(tx, 'UPDATE `groups` SET source = ? WHERE id = ?', ['half', id]);
    await kill();
  }).then(
    () => 'is answered as committed',
    (error: Error) => `fails with "${error.message}"`,
  );
  const left = await row<{ count: number }>(look, "SELECT COUNT(*) AS count FROM `groups` WHERE source = 'half'");
  return `${outcome}, and the other backend ${(left?.count ?? 0) > 0 ? 'has kept' : 'has taken back'} its half`;
}
