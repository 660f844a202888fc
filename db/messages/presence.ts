import { row, rows, run, type Sql } from '../connect.ts';

/**
 * The group's message ids while a member was there: after `after`, up to `upTo`; null while they still are. By versions of
 * the roster: from `fromVersion`, until before `untilVersion`.
 */
export type Presence = { after: number; upTo: number | null; fromVersion: number; untilVersion: number | null };

/** When each of these members was there, in order. */
export async function readPresence(
  sql: Sql,
  members: readonly { membershipId: number; groupId: number }[],
): Promise<ReadonlyMap<number, Presence[]>> {
  const presence = new Map(members.map(({ membershipId }) => [membershipId, [] as Presence[]]));
  if (members.length === 0) return presence;
  const spans = await rows<Span>(
    sql,
    `SELECT membership_id AS membershipId, from_version AS fromVersion, until_version AS untilVersion,
       from_message AS fromMessage, until_message AS untilMessage
     FROM membership_spans WHERE membership_id IN (?) ORDER BY membership_id, from_version`,
    [[...presence.keys()]],
  );
  const groups = new Map(members.map(({ membershipId, groupId }) => [membershipId, groupId]));
  for (const span of spans)
    presence.get(span.membershipId)?.push(await inMessages(sql, groups.get(span.membershipId) ?? 0, span));
  return presence;
}

type Span = {
  membershipId: number;
  fromVersion: number;
  untilVersion: number | null;
  fromMessage: number | null;
  untilMessage: number | null;
};

/** Those that began or ended before message ids were kept with them are looked up once. */
async function inMessages(sql: Sql, groupId: number, span: Span): Promise<Presence> {
  const { membershipId, fromVersion, untilVersion, fromMessage, untilMessage } = span;
  const isKnown = fromMessage !== null && (untilVersion === null || untilMessage !== null);
  if (isKnown) return { after: fromMessage, upTo: untilMessage, fromVersion, untilVersion };
  const after = await lastMessageBefore(sql, { groupId, version: fromVersion });
  const upTo = untilVersion === null ? null : await lastMessageBefore(sql, { groupId, version: untilVersion });
  await run(
    sql,
    `UPDATE membership_spans SET from_message = ?, until_message = ?
     WHERE membership_id = ? AND from_version = ? AND until_version <=> ?`,
    [after, upTo, membershipId, fromVersion, untilVersion],
  );
  return { after, upTo, fromVersion, untilVersion };
}

/** The last message that was accepted before this version of the roster: later messages never have earlier versions. */
async function lastMessageBefore(
  sql: Sql,
  { groupId, version }: { groupId: number; version: number },
): Promise<number> {
  const group = await row<{ last: number }>(sql, 'SELECT last_message_id AS last FROM `groups` WHERE id = ?', [
    groupId,
  ]);
  let before = 0;
  let notBefore = (group?.last ?? 0) + 1;
  while (notBefore - before > 1) {
    const middle = Math.floor((before + notBefore) / 2);
    const message = await row<{ version: number }>(
      sql,
      'SELECT roster_version AS version FROM messages WHERE group_id = ? AND message_id = ?',
      [groupId, middle],
    );
    if (message !== undefined && message.version < version) before = middle;
    else notBefore = middle;
  }
  return before;
}

/** Message ids, both inclusive. */
export type Range = { from: number; to: number };
/**
 * Those of `within` in which somebody was there, in ascending order or in descending. Many ranges make a statement slow, so
 * where there are more than some hundred, `window` is the part of `within`, in that order, to which the ranges belong.
 */
export function rangesIn(
  presence: readonly Pick<Presence, 'after' | 'upTo'>[],
  within: Range,
  order: 'ascending' | 'descending' = 'ascending',
): { window: Range; ranges: Range[] } {
  const all = presence
    .map(({ after, upTo }) => ({ from: Math.max(after + 1, within.from), to: Math.min(upTo ?? within.to, within.to) }))
    .filter(({ from, to }) => from <= to);
  if (all.length <= RANGES_AT_ONCE) return { window: within, ranges: all };
  const ranges = order === 'ascending' ? all.slice(0, RANGES_AT_ONCE) : all.slice(-RANGES_AT_ONCE);
  const { from, to } = { from: ranges[0]?.from ?? within.from, to: ranges.at(-1)?.to ?? within.to };
  const window = order === 'ascending' ? { from: within.from, to } : { from, to: within.to };
  return { window, ranges };
}
const RANGES_AT_ONCE = 300;

/** A condition on `message_id`, and its bindings. */
export function inRanges(ranges: readonly Range[]): { condition: string; bindings: number[] } {
  if (ranges.length === 0) return { condition: '1 = 0', bindings: [] };
  return {
    condition: `(${ranges.map(() => 'message_id BETWEEN ? AND ?').join(' OR ')})`,
    bindings: ranges.flatMap(({ from, to }) => [from, to]),
  };
}
