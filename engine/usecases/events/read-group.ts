import type { GroupEventRow, GroupPlace } from '../../../db/groups/group-events.ts';
import type { ReadMessage } from '../../../db/messages/message-reading.ts';
import type { Presence } from '../../../db/messages/presence.ts';
import type { ReactionCount } from '../../../db/messages/reactions.ts';
import type { Config } from '../../platform/config.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { isEventFor, isReadable, type KeptGroupEvent } from '../../rules/group-events.ts';
import { membersShownTo } from '../../rules/membership.ts';
import { denialOf, runsGroup } from '../../rules/permissions.ts';
import type { Membership } from '../../rules/types.ts';
import type { Place } from './cursor.ts';
import { type AppEvent, groupEvent, messageEvent } from './events.ts';
import { MOST_EVENTS, MOST_SHARED, openSharedReads } from './shared-reads.ts';

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
  const presence = await runtime.use(openSharedReads).presence(at);
  const [messages, rows] = await Promise.all([
    messagesFor(runtime, at, { presence, from: from.message + 1, limit }),
    at.lastEventId > from.event
      ? runtime.use(openSharedReads).events({ groupId: at.groupId, after: from.event, upTo: at.lastEventId })
      : [],
  ]);
  const membership = messages.length + rows.length === 0 ? null : await membershipAt(runtime, at);
  const shown = membership === null ? [] : rows.filter(eventsFor(membership, { presence, ownerId: at.ownerId }));
  const phones = new Map((membership === null ? [] : membersShownTo(membership)).map(({ id, phone }) => [id, phone]));
  const reactions = await reactionsOf(runtime, shown);
  const all = inOrder(
    messages.map((message) => messageStep(runtime.config, message, at, phones)),
    shown.map((row) => ({ ...orderOf(row), event: groupEvent(at.number, row, reactions), opens: null })),
  );
  // What lies behind the last of a part that was cut short cannot be put in its order yet.
  const lastMessage = messages.length < limit ? at.lastMessageId : (messages.at(-1)?.id ?? from.message);
  const lastRow = rows.length < MOST_EVENTS ? undefined : rows.at(-1);
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

/**
 * What is new is read once for all members, and the rule of `/message/get` says who may see which; a member who has far to go
 * reads by themself.
 */
async function messagesFor(
  runtime: Runtime,
  { groupId, membershipId, runsIt, lastMessageId: to }: GroupPlace,
  { presence, from, limit }: { presence: readonly Presence[]; from: number; limit: number },
): Promise<ReadMessage[]> {
  if (from > to) return [];
  const reads = runtime.use(openSharedReads);
  if (to - from >= Math.min(limit, MOST_SHARED)) return reads.ownMessages({ groupId, membershipId, from, to, limit });
  const viewer = { member: { id: membershipId, runsIt: runsIt === 1 }, presence };
  return (await reads.messages({ groupId, from, to })).filter((message) => isReadable(viewer, message));
}

/** After the message of that id and, where there is one, that event, which comes after it. */
type Order = { message: number; eventId: number | null };
type Ordered = Order & { event: AppEvent; opens: number | null };

function messageStep(
  config: Config,
  message: ReadMessage,
  { number, membershipId, runsIt }: GroupPlace,
  phones: ReadonlyMap<number, string>,
): Ordered {
  const mine = message.senderId === membershipId;
  const follows = mine || runsIt === 1;
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

/** Which of what happened in the group the member may see. */
function eventsFor(
  membership: Membership,
  { presence, ownerId }: { presence: readonly Presence[]; ownerId: number },
): (row: GroupEventRow) => boolean {
  const { member } = membership;
  const viewer = {
    member: { id: member.id, runsIt: runsGroup(member) },
    listsMembers: denialOf('listMembers', membership) === null,
    presence,
  };
  const wasThere = ({ version }: GroupEventRow) =>
    presence.some(
      ({ fromVersion, untilVersion }) => fromVersion <= version && (untilVersion === null || untilVersion > version),
    );
  return (row) => isEventFor(viewer, { ...keptOf(row, ownerId), present: wasThere(row) });
}

function keptOf(
  { kind, subjectId, subjectPersonId, messageId, senderId, toId, listed }: GroupEventRow,
  ownerId: number,
): Omit<KeptGroupEvent, 'present'> {
  return {
    kind,
    subject: subjectId === null ? null : { id: subjectId, owner: subjectPersonId === ownerId },
    message: messageId === null ? null : { id: messageId, senderId, toId, listed },
  };
}

/** By the row of the message that was reacted to. */
async function reactionsOf(
  runtime: Runtime,
  rows: readonly GroupEventRow[],
): Promise<ReadonlyMap<number, ReactionCount[]>> {
  const reacted = new Set(rows.flatMap(({ kind, rowId }) => (kind === 'reacted' && rowId !== null ? [rowId] : [])));
  const reads = runtime.use(openSharedReads);
  return new Map(await Promise.all([...reacted].map(async (rowId) => [rowId, await reads.reactions(rowId)] as const)));
}
