import { type GroupEventRow, type GroupPlace, readGroupEvents } from '../../../db/groups/group-events.ts';
import { type ReadMessage, readMessages } from '../../../db/messages/message-reading.ts';
import { readPresence } from '../../../db/messages/presence.ts';
import { countReactions } from '../../../db/messages/reactions.ts';
import type { Config } from '../../platform/config.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { isEventFor, type Viewer } from '../../rules/group-events.ts';
import { membersShownTo } from '../../rules/membership.ts';
import { denialOf } from '../../rules/permissions.ts';
import type { Membership } from '../../rules/types.ts';
import type { Place } from './cursor.ts';
import { type AppEvent, groupEvent, messageEvent } from './events.ts';

/** One event of a group, and how far its group is read with it. `opens`: the reader is told of its deliveries. */
export type GroupStep = { event: AppEvent; place: Place; opens: number | null };

/**
 * What a member may see of their group after a place in it, in order, at most `limit`; `end` is how far that goes, which is
 * further than the last event where nothing more is for them.
 */
export async function readGroup(
  runtime: Runtime,
  at: GroupPlace,
  { from, limit }: { from: Place; limit: number },
): Promise<{ steps: GroupStep[]; end: Place }> {
  const { groupId, membershipId, number } = at;
  const [messages, rows] = await Promise.all([
    at.lastMessageId > from.message
      ? readMessages(runtime.db, { ...at, from: from.message + 1, to: at.lastMessageId, limit, reactions: false })
      : [],
    at.lastEventId > from.event
      ? readGroupEvents(runtime.db, { groupId, membershipId, after: from.event, upTo: at.lastEventId, limit: ROWS })
      : [],
  ]);
  const membership = messages.length + rows.length === 0 ? null : await membershipAt(runtime, at);
  const viewer = membership === null || rows.length === 0 ? null : await viewerOf(runtime, at, membership);
  const shown = viewer === null ? [] : rows.filter((row) => isEventFor(viewer, keptOf(row, at.ownerId)));
  const phones = new Map((membership === null ? [] : membersShownTo(membership)).map(({ id, phone }) => [id, phone]));
  const reactions = await countReactions(runtime.db, rowsReactedTo(shown));
  const all = inOrder(
    messages.map((message) => messageStep(runtime.config, message, at, phones)),
    shown.map((row) => ({ ...orderOf(row), event: groupEvent(number, row, reactions), opens: null })),
  );
  // What lies behind the last of a part that was cut short cannot be put in its order yet.
  const lastMessage = messages.length < limit ? at.lastMessageId : (messages.at(-1)?.id ?? from.message);
  const lastRow = rows.length < ROWS ? undefined : rows.at(-1);
  const horizon = lastRow === undefined ? lastMessage : Math.min(lastMessage, lastRow.afterMessage);
  const within = all.filter(({ message }) => message <= horizon);
  const steps = within
    .slice(0, limit)
    .map(({ event, opens, ...order }): GroupStep => ({ event, opens, place: placeOf(order, rows, from) }));
  const cutAt = within.length > limit ? steps.at(-1)?.place : undefined;
  if (cutAt !== undefined) return { steps, end: cutAt };
  const passed = rows.filter(({ afterMessage }) => afterMessage <= horizon);
  const isWhole = lastRow === undefined && horizon === at.lastMessageId;
  return { steps, end: { message: horizon, event: isWhole ? at.lastEventId : lastEvent(passed, from) } };
}

/** Events that are looked at in one go, seen or not. */
const ROWS = 500;

/** After the message of that id and, where there is one, that event, which comes after it. */
type Order = { message: number; eventId: number | null };
type Ordered = Order & { event: AppEvent; opens: number | null };

function messageStep(
  config: Config,
  message: ReadMessage,
  { number, membershipId, isOwner }: GroupPlace,
  phones: ReadonlyMap<number, string>,
): Ordered {
  const mine = message.senderId === membershipId;
  const follows = mine || isOwner === 1;
  return {
    message: message.id,
    eventId: null,
    event: messageEvent(config, number, message, { mine, from: phones.get(message.senderId ?? 0) }),
    opens: follows ? message.id : null,
  };
}

function orderOf({ afterMessage, eventId }: GroupEventRow): Order {
  return { message: afterMessage, eventId };
}

function inOrder(messages: readonly Ordered[], events: readonly Ordered[]): Ordered[] {
  return [...messages, ...events].sort((a, b) => a.message - b.message || (a.eventId ?? 0) - (b.eventId ?? 0));
}

/** How far the group is read with this one: past all before it, for the reader or not. */
function placeOf({ message, eventId }: Order, rows: readonly GroupEventRow[], from: Place): Place {
  if (eventId !== null) return { message: Math.max(message, from.message), event: eventId };
  const before = rows.filter(({ afterMessage }) => afterMessage < message);
  return { message, event: lastEvent(before, from) };
}

function lastEvent(rows: readonly GroupEventRow[], from: Place): number {
  return rows.at(-1)?.eventId ?? from.event;
}

/** Null where they have gone from the roster meanwhile. */
async function membershipAt(runtime: Runtime, at: GroupPlace): Promise<Membership | null> {
  const roster = await runtime.rosters.read(at);
  const member = roster.members.find(({ id }) => id === at.membershipId);
  return member === undefined ? null : { roster, member };
}

async function viewerOf(runtime: Runtime, at: GroupPlace, membership: Membership): Promise<Viewer> {
  const presence = (await readPresence(runtime.db, [at])).get(at.membershipId) ?? [];
  return { member: membership.member, listsMembers: denialOf('listMembers', membership) === null, presence };
}

function keptOf(
  { kind, present, subjectId, subjectPersonId, messageId, senderId, toId }: GroupEventRow,
  ownerId: number,
): Parameters<typeof isEventFor>[1] {
  return {
    kind,
    present: present === 1,
    subject: subjectId === null ? null : { id: subjectId, owner: subjectPersonId === ownerId },
    message: messageId === null ? null : { id: messageId, senderId, toId },
  };
}

function rowsReactedTo(rows: readonly GroupEventRow[]): number[] {
  return rows.flatMap(({ kind, rowId }) => (kind === 'reacted' && rowId !== null ? [rowId] : []));
}
