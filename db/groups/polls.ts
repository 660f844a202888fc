import { type OpenPoll, packChoices, unpackChoices, type Vote } from '../../engine/rules/polls.ts';
import { row, rows, run, type Sql } from '../connect.ts';

/** What tells the open poll `q` of a group `g`, where there is one. */
export const POLL_COLUMNS = 'q.id AS pollId, q.by_id AS pollBy, q.question, q.choices, q.opened_at AS pollOpenedAt';
export const POLL_OF = 'LEFT JOIN polls q ON q.id = g.poll_id AND q.closed_at IS NULL';

export type PollColumns = {
  pollId: number | null;
  pollBy: number | null;
  question: string | null;
  choices: string | null;
  pollOpenedAt: Date | null;
};

export function pollIn({ pollId, pollBy, question, choices, pollOpenedAt }: PollColumns): OpenPoll | null {
  if (pollId === null || pollBy === null || question === null || choices === null || pollOpenedAt === null) return null;
  return { id: pollId, byId: pollBy, question, choices: unpackChoices(choices), openedAt: pollOpenedAt.getTime() };
}

export async function readOpenPoll(sql: Sql, groupId: number): Promise<OpenPoll | null> {
  const found = await row<PollColumns>(sql, `SELECT ${POLL_COLUMNS} FROM \`groups\` g ${POLL_OF} WHERE g.id = ?`, [
    groupId,
  ]);
  return found === undefined ? null : pollIn(found);
}

/** Opens a poll in place of the group’s last one. Under the group’s lock. */
export async function openPoll(
  sql: Sql,
  poll: { groupId: number; byId: number; question: string; choices: readonly string[]; now: Date },
): Promise<void> {
  const { groupId, byId, question, choices, now } = poll;
  await run(sql, 'UPDATE polls SET closed_at = ? WHERE group_id = ? AND closed_at IS NULL', [now, groupId]);
  const { id } = await run(
    sql,
    'INSERT INTO polls (group_id, by_id, question, choices, opened_at) VALUES (?, ?, ?, ?, ?)',
    [groupId, byId, question, packChoices(choices), now],
  );
  await run(sql, 'UPDATE `groups` SET poll_id = ? WHERE id = ?', [id, groupId]);
}

/** Counts a member’s answer in place of the one before; false where the poll is closed. Answers and the end wait for each other. */
export async function putVote(
  sql: Sql,
  { pollId, memberId, choice, now }: { pollId: number; memberId: number; choice: number; now: Date },
): Promise<boolean> {
  const { affected } = await run(sql, 'UPDATE polls SET votes = votes + 1 WHERE id = ? AND closed_at IS NULL', [
    pollId,
  ]);
  if (affected === 0) return false;
  await run(
    sql,
    `INSERT INTO poll_votes (poll_id, member_id, choice, voted_at) VALUES (?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE choice = VALUES(choice), voted_at = VALUES(voted_at)`,
    [pollId, memberId, choice, now],
  );
  return true;
}

/** The answers so far, and the count that they are of; it is read first, so that a later answer changes it. */
export async function readVotes(sql: Sql, pollId: number): Promise<{ count: number; votes: Vote[] }> {
  const poll = await row<{ count: number }>(sql, 'SELECT votes AS count FROM polls WHERE id = ?', [pollId]);
  const votes = await rows<Vote>(
    sql,
    'SELECT member_id AS memberId, choice FROM poll_votes WHERE poll_id = ? ORDER BY member_id',
    [pollId],
  );
  return { count: poll?.count ?? 0, votes };
}

/** Ends a poll at this count of answers; false where it has another one by now, or was ended. */
export async function closePoll(
  sql: Sql,
  { pollId, count, now }: { pollId: number; count: number; now: Date },
): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE polls SET closed_at = ? WHERE id = ? AND votes = ? AND closed_at IS NULL',
    [now, pollId, count],
  );
  return affected === 1;
}
