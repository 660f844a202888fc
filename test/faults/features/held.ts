import { row, run } from '../../../db/connect.ts';
import type { Fixture } from '../fixture.ts';
import { insistOnMysql } from './doors.ts';
import type { FeatureGroup } from './group.ts';

/** Ends what a fault before has left, such as a MySQL that has forgotten decisions. */
export async function endHeld({ db }: Fixture, { id }: FeatureGroup): Promise<void> {
  const sql = 'UPDATE schedules SET ended_at = NOW(3) WHERE group_id = ? AND ended_at IS NULL';
  await insistOnMysql(() => run(db, sql, [id]));
}

/** How many texts wait for their time, of which some may be hours away, and for no owner. */
export async function countHeld({ db }: Fixture, { id }: FeatureGroup): Promise<number> {
  const sql = 'SELECT COUNT(*) AS held FROM schedules WHERE group_id = ? AND ended_at IS NULL AND awaits_approval = 0';
  return (await row<{ held: number }>(db, sql, [id]))?.held ?? 0;
}

/** How many texts are due, and not said yet. */
export async function countDue({ db }: Fixture, { id }: FeatureGroup): Promise<number> {
  const sql = `SELECT COUNT(*) AS due FROM schedules
    WHERE group_id = ? AND ended_at IS NULL AND awaits_approval = 0 AND send_at <= NOW(3)`;
  return (await row<{ due: number }>(db, sql, [id]))?.due ?? 0;
}
