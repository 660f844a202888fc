import type { Event } from '../../../client/index.ts';
import { row, rows } from '../../../db/connect.ts';
import { countRecipientsOf } from '../../../db/deliveries/recipient-counts.ts';
import { type GroupEventKind, groupEventKinds } from '../../../engine/rules/group-events.ts';
import { epochSeconds } from '../../../engine/usecases/events/events.ts';
import type { Fixture } from '../fixture.ts';
import type { AppReader, Place } from './readers.ts';

type Database = Pick<Fixture, 'db'>;

/** How far a group has come. */
export async function placeOf({ db }: Database, groupId: number): Promise<Place> {
  const place = await row<Place>(
    db,
    'SELECT last_message_id AS message, last_event_id AS event FROM `groups` WHERE id = ?',
    [groupId],
  );
  if (place === undefined) throw new Error(`there is no group ${groupId}`);
  return place;
}

export function isReached(place: Place, goal: Place): boolean {
  return place.message >= goal.message && place.event >= goal.event;
}

/** What an app was told of a group from a place on; `isUnfinished`: the last of it may be under way still. */
export type Told = {
  name: string;
  groupId: number;
  heard: readonly Event[];
  from: Place;
  until: Place;
  isUnfinished?: boolean;
};

/** Sentences on what an app was not told that happened between two places, or more than once, or in another order. */
export async function findUntrue(
  { db }: Database,
  { name, groupId, heard, from, until, isUnfinished = false }: Told,
): Promise<string[]> {
  const messages = await rows<{ id: number }>(
    db,
    'SELECT message_id AS id FROM messages WHERE group_id = ? AND message_id > ? AND message_id <= ? ORDER BY message_id',
    [groupId, from.message, until.message],
  );
  const events = await rows<{ kind: GroupEventKind; at: Date; after: number; id: number }>(
    db,
    'SELECT kind, at, after_message AS after, event_id AS id FROM group_events WHERE group_id = ? AND event_id > ? AND event_id <= ? ORDER BY event_id',
    [groupId, from.event, until.event],
  );
  const happened = [
    ...messages.map(({ id }) => ({ what: `message ${id}`, after: id, id: 0 })),
    ...events.map(({ kind, at, ...order }) => ({
      what: `${groupEventKinds[kind].type} at ${epochSeconds(at)}`,
      ...order,
    })),
  ].sort((a, b) => a.after - b.after || a.id - b.id);
  const told = heard.flatMap(whatOf);
  const due = happened.map(({ what }) => what).slice(0, isUnfinished ? told.length : undefined);
  return sayUnlike(name, due, told);
}

const kept = new Set<string>(Object.values(groupEventKinds).map(({ type }) => type));

function whatOf({ type, time, message }: Event): string[] {
  if (message !== undefined) return [`message ${message.id}`];
  return kept.has(type) ? [`${type} at ${time}`] : [];
}

function sayUnlike(name: string, happened: readonly string[], heard: readonly string[]): string[] {
  const at = happened.findIndex((what, place) => heard[place] !== what);
  if (at < 0 && heard.length === happened.length) return [];
  const missing = happened.filter((what) => !heard.includes(what)).length;
  const place = at < 0 ? happened.length : at;
  return [
    `${name} heard ${heard.length} of ${happened.length}, ${missing} of them never: ${heard[place] ?? 'nothing'} in place of ${happened[place] ?? 'nothing'} after ${happened[place - 1] ?? 'the beginning'}`,
  ];
}

/**
 * Sentences on counts of deliveries that an app was told twice without a change, and on those of which it was not told the end.
 */
export async function findMiscounted({ db }: Database, reader: AppReader): Promise<string[]> {
  const { name, heard, membershipId } = reader;
  const told = new Map<number, string>();
  const wrong: string[] = [];
  for (const { type, message_id: id = 0, counts } of heard) {
    if (type !== 'message.delivery') continue;
    const now = JSON.stringify(counts);
    if (told.get(id) === now) wrong.push(`${name} was told twice that message ${id} stands at ${now}`);
    told.set(id, now);
  }
  const followed = [...told.keys()].filter((id) => !reader.open().some(({ messageId }) => messageId === id));
  const counted = await countRecipientsOf(
    db,
    followed.map((messageId) => ({ membershipId, messageId })),
  );
  for (const { messageId, counts } of counted)
    if (told.get(messageId) !== JSON.stringify(counts))
      wrong.push(
        `${name} was told that message ${messageId} stands at ${told.get(messageId)}: ${JSON.stringify(counts)}`,
      );
  return wrong;
}
