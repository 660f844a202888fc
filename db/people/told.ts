import { rows, run, type Sql } from '../connect.ts';

/** What people are told at most once a day, and by whom: a subject of ours. */
type Told = { personIds: readonly number[]; subject: string; now: Date };

/** Records that these people were told something today. Returns those who had not been. Everybody else who does so waits. */
export async function takeUntoldToday(sql: Sql, { personIds, subject, now }: Told): Promise<Set<number>> {
  if (personIds.length === 0) return new Set();
  const day = now.toISOString().slice(0, 10);
  const told = await rows<{ personId: number }>(
    sql,
    'SELECT person_id AS personId FROM hints WHERE person_id IN (?) AND subject = ? AND day = ? FOR UPDATE',
    [personIds, subject, day],
  );
  const untold = new Set(personIds);
  for (const { personId } of told) untold.delete(personId);
  if (untold.size > 0)
    await run(sql, 'INSERT IGNORE INTO hints (person_id, subject, day) VALUES ?', [
      [...untold].map((personId) => [personId, subject, day]),
    ]);
  return untold;
}
