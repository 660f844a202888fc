import type { Waiting } from '../../engine/rules/command-context.ts';
import type { NewSchedule } from '../../engine/rules/effects.ts';
import { packDays, type Repeat, unpackDays } from '../../engine/rules/repeats.ts';
import { placeholders, row, rows, run, type Sql } from '../connect.ts';
import { readMedia, writeMedia } from '../messages/messages.ts';

/** Returns their ids in the order of the times. The caller holds the lock of the group, so that no other is among them. */
export async function insertSchedules(
  sql: Sql,
  {
    groupId,
    times,
    now,
    ...wanted
  }: Omit<NewSchedule, 'sendAt'> & { groupId: number; times: readonly Date[]; now: Date },
): Promise<number[]> {
  const { text, media, cc, repeat, saidBy, headCount = false } = wanted;
  const { id } = await run(
    sql,
    `INSERT INTO schedules (group_id, said_by, text, media, cc, send_at, repeat_days, repeat_minute, zone, head_count, created_at)
     VALUES ${placeholders(times.length, 11)}`,
    times.flatMap((time) => [groupId, saidBy, text, writeMedia(media), cc, time, ...columnsOf(repeat), headCount, now]),
  );
  if (times.length === 1) return [id];
  const written = await rows<{ id: number }>(
    sql,
    'SELECT id FROM schedules WHERE group_id = ? AND ended_at IS NULL AND id >= ? ORDER BY id',
    [groupId, id],
  );
  return written.map((one) => one.id);
}

export async function countSchedules(sql: Sql, groupId: number): Promise<number> {
  const found = await row<{ waiting: number }>(
    sql,
    'SELECT COUNT(*) AS waiting FROM schedules WHERE group_id = ? AND ended_at IS NULL AND awaits_approval = 0',
    [groupId],
  );
  return found?.waiting ?? 0;
}

/** What waits in a group, the next one first. */
export async function listSchedules(sql: Sql, groupId: number): Promise<Waiting[]> {
  type Columns = RepeatColumns & { media: string | null; headCount: number };
  const found = await rows<Omit<Waiting, 'repeat' | 'media' | 'headCount'> & Columns>(
    sql,
    `SELECT id, text, media, send_at AS sendAt, repeat_days AS days, repeat_minute AS minute, zone, head_count AS headCount
     FROM schedules WHERE group_id = ? AND ended_at IS NULL AND awaits_approval = 0 ORDER BY send_at, id`,
    [groupId],
  );
  return found.map(({ media, headCount, ...one }) => ({
    ...readRepeat(one),
    media: readMedia(media),
    ...asks(headCount),
  }));
}

/** As a value has it: there where it asks who comes. */
function asks(headCount: number): { headCount?: true } {
  return headCount === 1 ? { headCount: true } : {};
}

/** How a week repeats, as it is kept; all NULL where it does not. */
type RepeatColumns = { days: number | null; minute: number | null; zone: string | null };

function columnsOf(repeat: Repeat | null): (number | string | null)[] {
  return repeat === null ? [null, null, null] : [packDays(repeat.days), repeat.minute, repeat.zone];
}

function readRepeat<Row extends RepeatColumns>({
  days,
  minute,
  zone,
  ...row
}: Row): Omit<Row, keyof RepeatColumns> & { repeat: Repeat | null } {
  const repeat = days === null || minute === null || zone === null ? null : { days: unpackDays(days), minute, zone };
  return { ...row, repeat };
}

/** Takes one back; false where the group has none with this id that still waits. */
export async function deleteSchedule(
  sql: Sql,
  { id, groupId, now }: { id: number; groupId: number; now: Date },
): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE schedules SET ended_at = ? WHERE id = ? AND group_id = ? AND ended_at IS NULL AND awaits_approval = 0',
    [now, id, groupId],
  );
  return affected === 1;
}

/** Has one ask who comes at its time, or not; false where the group has none with this id that still waits. */
export async function setHeadCount(
  sql: Sql,
  { id, groupId, on }: { id: number; groupId: number; on: boolean },
): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE schedules SET head_count = ? WHERE id = ? AND group_id = ? AND ended_at IS NULL AND awaits_approval = 0',
    [on, id, groupId],
  );
  return affected === 1;
}

/** What is due by now, the longest waiting first. */
export async function findDue(
  sql: Sql,
  { now, limit }: { now: Date; limit: number },
): Promise<{ id: number; groupId: number }[]> {
  return rows(
    sql,
    'SELECT id, group_id AS groupId FROM schedules WHERE ended_at IS NULL AND send_at <= ? ORDER BY send_at, id LIMIT ?',
    [now, limit],
  );
}

export type DueSchedule = {
  schedule: Omit<NewSchedule, 'sendAt'>;
  sendAt: Date;
  awaitsApproval: boolean;
  groupId: number;
  /** The group’s roster now, and whether it is there at all. */
  version: number;
  tag: number;
  active: number;
};

/** One that still waits, with its group as it is now. */
export async function readDue(sql: Sql, id: number): Promise<DueSchedule | undefined> {
  type Columns = {
    text: string;
    media: string | null;
    cc: number;
    saidBy: number | null;
    awaits: number;
    headCount: number;
  };
  const found = await row<Omit<DueSchedule, 'schedule' | 'awaitsApproval'> & Columns & RepeatColumns>(
    sql,
    `SELECT s.text, s.media, s.cc, s.said_by AS saidBy, s.send_at AS sendAt, s.group_id AS groupId,
       s.awaits_approval AS awaits, s.head_count AS headCount, s.repeat_days AS days, s.repeat_minute AS minute, s.zone,
       g.roster_version AS version, g.roster_tag AS tag, g.state = 'active' AS active
     FROM schedules s JOIN \`groups\` g ON g.id = s.group_id WHERE s.id = ? AND s.ended_at IS NULL`,
    [id],
  );
  if (found === undefined) return undefined;
  const { text, media, cc, saidBy, awaits, repeat, headCount, ...due } = readRepeat(found);
  return {
    ...due,
    awaitsApproval: awaits === 1,
    schedule: { text, media: readMedia(media), cc: cc === 1, saidBy, repeat, ...asks(headCount) },
  };
}

/** It waits on; false where another process was faster, or it was taken back. */
export async function postponeSchedule(
  sql: Sql,
  { id, until, now }: { id: number; until: Date; now: Date },
): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE schedules SET send_at = ? WHERE id = ? AND ended_at IS NULL AND send_at <= ?',
    [until, id, now],
  );
  return affected === 1;
}

/** Its time has come: it was sent as this row of messages, or dropped (null). False where somebody else was faster. */
export async function endSchedule(
  sql: Sql,
  { id, messageId, now }: { id: number; messageId: number | null; now: Date },
): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE schedules SET ended_at = ?, message_id = ? WHERE id = ? AND ended_at IS NULL',
    [now, messageId, id],
  );
  return affected === 1;
}
