import { row, rows } from '../../db/connect.ts';
import type { World } from './world.ts';

/** What the database says of one delivery: the newest to this phone whose message ends in this text. */
export type DeliverySeen = {
  messageId: number;
  personId: number;
  part: number;
  state: string;
  attempt: number;
  pauses: number;
  reason: string | null;
  errorCode: number | null;
  carrierId: string | null;
  cost: number;
  charged: number;
  queuedAt: Date | null;
  dueAt: Date | null;
};

/** The row of a message that says this. */
export async function messageOf(world: World, text: string): Promise<number> {
  const found = await row<{ id: number }>(world.runtime.db, 'SELECT id FROM messages WHERE text = ?', [text]);
  return found?.id ?? 0;
}

export async function deliveryOf(
  world: World,
  { phone, text, part = 0 }: { phone: string; text: string; part?: number },
): Promise<DeliverySeen | undefined> {
  return row(
    world.runtime.db,
    `SELECT d.message_id AS messageId, d.person_id AS personId, d.part, d.state, d.attempt, d.pauses, d.reason, d.error_code AS errorCode,
       NULLIF(d.carrier_id, '') AS carrierId, d.cost, d.charged, d.queued_at AS queuedAt, d.due_at AS dueAt
     FROM deliveries d JOIN messages m ON m.id = d.message_id JOIN people p ON p.id = d.person_id
     WHERE p.phone = ? AND d.part = ? AND m.text LIKE ? ORDER BY m.id DESC LIMIT 1`,
    [phone, part, `%${text}`],
  );
}

/** Waits until a delivery is in a state, and after `attempt` tries where that is given. */
export function deliveryIn(
  world: World,
  of: { phone: string; text: string; part?: number },
  wanted: { state: string; attempt?: number },
): Promise<DeliverySeen> {
  return until(`${of.text} to ${of.phone} is ${wanted.state}`, async () => {
    const seen = await deliveryOf(world, of);
    const isIt = seen?.state === wanted.state && (wanted.attempt === undefined || seen.attempt === wanted.attempt);
    return isIt ? seen : undefined;
  });
}

/** The owner's balance, the sum of their ledger, and what their groups' deliveries were charged. */
export async function booksOf(
  world: World,
  owner: string,
): Promise<{ balance: number; ledger: number; charged: number; trial: number }> {
  const [books] = await rows<{ balance: number; ledger: number; charged: number; trial: number }>(
    world.runtime.db,
    `SELECT a.balance, (SELECT SUM(amount) FROM ledger l WHERE l.account_id = a.id) AS ledger,
       (SELECT SUM(amount) FROM ledger l WHERE l.account_id = a.id AND l.kind = 'trial') AS trial,
       (SELECT COALESCE(SUM(d.charged), 0) FROM deliveries d JOIN messages m ON m.id = d.message_id
        JOIN \`groups\` g ON g.id = m.group_id WHERE g.owner_id = p.id AND m.kind = 'said') AS charged
     FROM accounts a JOIN people p ON p.id = a.person_id WHERE p.phone = ?`,
    [owner],
  );
  if (books === undefined) throw new Error('the owner has no account');
  return books;
}

/** Looks again and again until there is an answer; fails after `withinMs`, saying what did not come. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  withinMs = 40_000,
): Promise<T> {
  for (const end = Date.now() + withinMs; Date.now() < end; ) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited ${withinMs} ms in vain: ${what}`);
}
