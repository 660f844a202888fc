import type { GroupEventKind, NewGroupEvent } from '../../engine/rules/group-events.ts';
import { type Binding, rows, run, type Sql, type Tx } from '../connect.ts';
import { readListed } from '../messages/listed.ts';
import { byPlace, inPlaces } from '../places.ts';

/**
 * Keeps what happened in a group, in the transaction of what happened. Takes the group's lock, which its next message and
 * event wait for.
 */
export async function insertGroupEvents(
  tx: Tx,
  groupId: number,
  { events, now }: { events: readonly NewGroupEvent[]; now: Date },
): Promise<void> {
  if (events.length === 0) return;
  await run(tx, 'UPDATE `groups` SET last_event_id = last_event_id + ? WHERE id = ?', [events.length, groupId]);
  const one = `SELECT id, last_event_id - ?, last_message_id, roster_version, ?, ?, ?, ?, ?, ? FROM \`groups\` WHERE id = ?`;
  await run(
    tx,
    `INSERT INTO group_events (group_id, event_id, after_message, version, kind, membership_id, message_id, schedule_id, fields, at)
     ${events.map(() => one).join(' UNION ALL ')}`,
    events.flatMap(({ kind, membershipId, messageId, scheduleId, fields }, at): Binding[] => [
      events.length - 1 - at,
      kind,
      membershipId ?? null,
      messageId ?? null,
      scheduleId ?? null,
      fields?.join(',') ?? null,
      now,
      groupId,
    ]),
  );
}

export type GroupEventRow = {
  eventId: number;
  afterMessage: number;
  kind: GroupEventKind;
  at: Date;
  /** Of the roster, after what happened. */
  version: number;
  subjectId: number | null;
  name: string | null;
  /** Null of somebody who was forgotten. */
  phone: string | null;
  subjectPersonId: number | null;
  rowId: number | null;
  messageId: number | null;
  senderId: number | null;
  toId: number | null;
  /** Whom the message is for, where it went to a list. */
  listed: readonly number[] | null;
  scheduleId: number | null;
  fields: string | null;
};

/** The events of a group after one and up to another. */
export type EventRange = { groupId: number; after: number; upTo: number };

/** The events of each range, in order, at most `limit` of each. Names and phones are those of now. One statement for all, and one more where some are about messages to a list. */
export async function readGroupEvents(
  sql: Sql,
  ranges: readonly EventRange[],
  { limit }: { limit: number },
): Promise<GroupEventRow[][]> {
  if (ranges.length === 0) return [];
  const found = await rows<Omit<GroupEventRow, 'listed'> & { place: number }>(
    sql,
    inPlaces(ranges, EVENTS_OF_RANGE),
    ranges.flatMap(({ groupId, after, upTo }, place) => [place, groupId, after, upTo, limit]),
  );
  const listed = await readListed(
    sql,
    found.map(({ rowId, senderId, toId }) => ({ id: rowId ?? 0, senderId, toId })),
  );
  const events = found.map((event) => ({ ...event, listed: listed.get(event.rowId ?? 0) ?? null }));
  return byPlace(ranges, events).map((of) => of.sort((a, b) => a.eventId - b.eventId));
}

const EVENTS_OF_RANGE = `(SELECT ? AS place, e.event_id AS eventId, e.after_message AS afterMessage, e.kind, e.at, e.version,
    e.membership_id AS subjectId, b.name, IF(p.forgotten_at IS NULL, p.phone, NULL) AS phone, b.person_id AS subjectPersonId,
    m.id AS rowId, m.message_id AS messageId, m.sender_id AS senderId, m.to_id AS toId, e.schedule_id AS scheduleId, e.fields
  FROM group_events e LEFT JOIN memberships b ON b.id = e.membership_id LEFT JOIN people p ON p.id = b.person_id
  LEFT JOIN messages m ON m.id = e.message_id
  WHERE e.group_id = ? AND e.event_id > ? AND e.event_id <= ? ORDER BY e.event_id LIMIT ?)`;

/** A membership of a person in an active group, and how far that group has come. */
export type GroupPlace = {
  personId: number;
  membershipId: number;
  groupId: number;
  /** By which the person reaches the group. */
  number: string;
  ownerId: number;
  /** The person owns it, or is there as a co-owner: see `runsGroup`. */
  runsIt: number;
  version: number;
  tag: number;
  lastMessageId: number;
  lastEventId: number;
  /** When it became theirs to see. */
  since: Date;
  /** How often the person's account ran low. */
  timesLow: number;
  balance: number;
};

/** Those of these people, the oldest membership first. One statement, however many people and groups there are. */
export async function readGroupPlaces(sql: Sql, personIds: readonly number[]): Promise<GroupPlace[]> {
  if (personIds.length === 0) return [];
  return rows(
    sql,
    `SELECT m.person_id AS personId, m.id AS membershipId, m.group_id AS groupId, n.phone AS number, g.owner_id AS ownerId,
       (g.owner_id = m.person_id OR (m.co_owner = 1 AND m.left_at IS NULL)) AS runsIt, g.roster_version AS version, g.roster_tag AS tag,
       g.last_message_id AS lastMessageId, g.last_event_id AS lastEventId,
       GREATEST(m.joined_at, COALESCE(g.activated_at, m.joined_at)) AS since, COALESCE(a.times_low, 0) AS timesLow,
       COALESCE(a.balance, 0) AS balance
     FROM memberships m JOIN \`groups\` g ON g.id = m.group_id AND g.state = 'active' JOIN numbers n ON n.id = m.number_id
     LEFT JOIN accounts a ON a.person_id = m.person_id WHERE m.person_id IN (?) AND m.live = 1 ORDER BY m.id`,
    [personIds],
  );
}

/** Which of these memberships have ended, by removal or with their group, whose each was, and the number that it used. */
export async function findEndedAmong(
  sql: Sql,
  membershipIds: readonly number[],
): Promise<{ membershipId: number; personId: number; number: string }[]> {
  if (membershipIds.length === 0) return [];
  return rows(
    sql,
    `SELECT m.id AS membershipId, m.person_id AS personId, n.phone AS number FROM memberships m
     JOIN \`groups\` g ON g.id = m.group_id JOIN numbers n ON n.id = m.number_id
     WHERE m.id IN (?) AND (m.live IS NULL OR g.state = 'deleted') ORDER BY m.id`,
    [membershipIds],
  );
}
