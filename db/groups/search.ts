import { row, rows, run, type Sql } from '../connect.ts';
import { indexed, wordsOf } from './words.ts';

/**
 * Public groups as strangers find them. They have a table of their own, so that the full-text index is no burden on
 * the rows of groups, which change with every message.
 */

/** Puts a group into the list or takes it off, as its row now says. To be called whenever that may have changed. */
export async function relist(sql: Sql, groupId: number): Promise<void> {
  const group = await row<{ name: string; description: string | null; activatedAt: Date }>(
    sql,
    `SELECT name, description, COALESCE(activated_at, created_at) AS activatedAt FROM \`groups\`
     WHERE id = ? AND state = 'active' AND is_public = 1`,
    [groupId],
  );
  if (group === undefined) {
    await run(sql, 'DELETE FROM public_groups WHERE group_id = ?', [groupId]);
    return;
  }
  await run(
    sql,
    `INSERT INTO public_groups (group_id, activated_at, words) VALUES (?, ?, ?)
     ON DUPLICATE KEY UPDATE activated_at = VALUES(activated_at), words = VALUES(words)`,
    [groupId, group.activatedAt, indexed(group)],
  );
}

/**
 * The public groups that have a word of the search, or one that begins with it, in their name or description. First
 * those with more of the words; then a word in the name counts more than in the description, and a whole word more
 * than a beginning; then the newest. Words that most texts have, such as "the", count where there are no others.
 * Words that many groups have are looked for in the newest groups, and in those that have one of the other words:
 * among a million groups, all that have "club" would take seconds to sort.
 */
export async function searchGroups(sql: Sql, { search, limit }: { search: string; limit: number }): Promise<number[]> {
  const typed = [...new Set(wordsOf(search))];
  const telling = typed.filter((word) => !STOP_WORDS.has(word));
  const words = (telling.length > 0 ? telling : typed).slice(0, MOST_WORDS);
  if (words.length === 0) return [];
  const rare = await rareOf(sql, words);
  const found = [...(await findRare(sql, { words, rare, limit })), ...(await findAmongNewest(sql, { words, limit }))];
  const best = [...new Map(found.map((group) => [group.groupId, group])).values()].sort(
    (a, b) => b.points - a.points || Number(b.activatedAt) - Number(a.activatedAt) || b.groupId - a.groupId,
  );
  return best.slice(0, limit).map(({ groupId }) => groupId);
}

/** Those of the words that less than a page of the newest groups have. */
async function rareOf(sql: Sql, words: readonly string[]): Promise<string[]> {
  const counted = await row<Record<string, number | null>>(
    sql,
    `SELECT ${words.map((_, at) => `SUM(INSTR(words, ?) > 0) AS c${at}`).join(', ')} FROM ${NEWEST}`,
    words.map((word) => ` a_${word}`),
  );
  return words.filter((_, at) => Number(counted?.[`c${at}`] ?? 0) < COMMON);
}

type Found = { groupId: number; points: number; activatedAt: Date };

/** Groups with all of the rare words come first in any case; where there are enough of them, the others need no look. */
async function findRare(
  sql: Sql,
  { words, rare, limit }: { words: readonly string[]; rare: readonly string[]; limit: number },
): Promise<Found[]> {
  if (rare.length === 0) return [];
  const find = (sign: '+' | '') =>
    rows<Found>(
      sql,
      `SELECT group_id AS groupId, activated_at AS activatedAt, ${pointsOf(words)} AS points
       FROM public_groups WHERE MATCH (words) AGAINST (? IN BOOLEAN MODE)
       ORDER BY points DESC, activated_at DESC, group_id DESC LIMIT ?`,
      [...pointValues(words), rare.map((word) => `${sign}a_${word}*`).join(' '), limit],
    );
  const all = await find('+');
  return rare.length === 1 || all.length === limit ? all : find('');
}

async function findAmongNewest(
  sql: Sql,
  { words, limit }: { words: readonly string[]; limit: number },
): Promise<Found[]> {
  return rows(
    sql,
    `SELECT group_id AS groupId, activated_at AS activatedAt, ${pointsOf(words)} AS points
     FROM ${NEWEST} WHERE ${words.map(() => 'INSTR(words, ?) > 0').join(' OR ')}
     ORDER BY points DESC, activated_at DESC, group_id DESC LIMIT ?`,
    [...pointValues(words), ...words.map((word) => ` a_${word}`), limit],
  );
}

function pointsOf(words: readonly string[]): string {
  return words.flatMap(() => Array(4).fill('? * (INSTR(words, ?) > 0)')).join(' + ');
}

function pointValues(words: readonly string[]): (string | number)[] {
  return words.flatMap((word) => [
    ...[HAS_IT, ` a_${word}`],
    ...[IN_NAME, ` n_${word}`],
    ...[WHOLE, ` n_${word} `],
    ...[WHOLE, ` a_${word} `],
  ]);
}

/** A word that fills a page from these alone is common. */
const COMMON = 50;
/** Without the hint, MariaDB sorts all groups. */
const NEWEST = `(SELECT group_id, activated_at, words FROM public_groups FORCE INDEX (public_groups_newest)
   ORDER BY activated_at DESC, group_id DESC LIMIT 2000) newest`;

const STOP_WORDS: ReadonlySet<string> = new Set(
  'a about an and are as at be by de for from how i in is it la of on or that the this to was what when where who will with'.split(
    ' ',
  ),
);
/** More than a search of a person has; each costs time. */
const MOST_WORDS = 12;
/** Points of one word. All the smaller points of twelve words are less than one more word. */
const HAS_IT = 1_000;
const IN_NAME = 10;
const WHOLE = 1;

/** The public groups that were turned on last, newest first. */
export async function newestGroups(sql: Sql, { limit }: { limit: number }): Promise<number[]> {
  const found = await rows<{ groupId: number }>(
    sql,
    'SELECT group_id AS groupId FROM public_groups ORDER BY activated_at DESC, group_id DESC LIMIT ?',
    [limit],
  );
  return found.map(({ groupId }) => groupId);
}

/** What a stranger sees of a group; flags are 1 and 0. */
export type ListedGroup = {
  id: number;
  inviteCode: string;
  name: string;
  description: string;
  owner: string | null;
  replyToOwner: number;
  /** Members that have not left. */
  count: number;
  isMember: number;
};

/** Describes those of the groups that are public and active, in the given order; `phone` is who asks. */
export async function describeListed(
  sql: Sql,
  { groupIds, phone }: { groupIds: readonly number[]; phone: string | null },
): Promise<ListedGroup[]> {
  if (groupIds.length === 0) return [];
  return rows(
    sql,
    `SELECT g.id, COALESCE(g.invite_code, '') AS inviteCode, g.name, COALESCE(g.description, '') AS description,
       o.name AS owner, g.reply_to_owner AS replyToOwner,
       (SELECT COUNT(*) FROM memberships m WHERE m.group_id = g.id AND m.live = 1 AND m.left_at IS NULL) AS count,
       EXISTS (SELECT 1 FROM people p JOIN memberships m ON m.person_id = p.id
         WHERE p.phone = ? AND m.group_id = g.id AND m.live = 1) AS isMember
     FROM \`groups\` g LEFT JOIN memberships o ON o.group_id = g.id AND o.person_id = g.owner_id AND o.live = 1
     WHERE g.id IN (?) AND g.state = 'active' AND g.is_public = 1 ORDER BY FIELD(g.id, ?)`,
    [phone, groupIds, groupIds],
  );
}
