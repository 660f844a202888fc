import { rows, run, type Sql } from './connect.ts';

/** What an operator did; `words` are the arguments and options as they were written. */
export type AuditEntry = {
  id: number;
  beganAt: Date;
  who: string;
  act: string;
  words: string;
  reason: string | null;
  outcome: 'begun' | 'done' | 'failed';
};

/**
 * Runs what an operator does, between the row that says so and its outcome: failed where it throws, or returns what is not
 * done.
 */
export async function audited<T>(
  sql: Sql,
  act: Pick<AuditEntry, 'who' | 'act' | 'reason'> & { words: readonly string[]; now: Date },
  work: () => Promise<T>,
  isDone: (done: T) => boolean = () => true,
): Promise<T> {
  const id = await beginAct(sql, { ...act, words: JSON.stringify(act.words) });
  try {
    const done = await work();
    await endAct(sql, { id, outcome: isDone(done) ? 'done' : 'failed' });
    return done;
  } catch (error) {
    await endAct(sql, { id, outcome: 'failed' });
    throw error;
  }
}

/** Characters of the column. */
export const LONGEST_REASON = 200;

async function beginAct(
  sql: Sql,
  { who, act, words, reason, now }: Pick<AuditEntry, 'who' | 'act' | 'words' | 'reason'> & { now: Date },
): Promise<number> {
  const { id } = await run(
    sql,
    "INSERT INTO audit (began_at, who, act, words, reason, outcome) VALUES (?, ?, ?, ?, ?, 'begun')",
    [now, who, act, words, reason],
  );
  return id;
}

async function endAct(sql: Sql, { id, outcome }: { id: number; outcome: 'done' | 'failed' }): Promise<void> {
  await run(sql, 'UPDATE audit SET outcome = ? WHERE id = ?', [outcome, id]);
}

/** The newest first. */
export async function readAudit(sql: Sql, limit: number): Promise<AuditEntry[]> {
  return rows(
    sql,
    'SELECT id, began_at AS beganAt, who, act, words, reason, outcome FROM audit ORDER BY id DESC LIMIT ?',
    [limit],
  );
}
