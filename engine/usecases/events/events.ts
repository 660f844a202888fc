import type { DeliveryCounts } from '../../../db/deliveries/recipient-counts.ts';
import type { GroupEventRow } from '../../../db/groups/group-events.ts';
import type { ReadMessage } from '../../../db/messages/message-reading.ts';
import type { ReactionCount } from '../../../db/messages/reactions.ts';
import type { Config } from '../../platform/config.ts';
import { type GroupEventKind, groupEventKinds } from '../../rules/group-events.ts';
import { type SaidMessage, saidMessage } from '../said-message.ts';

/** Every type of event, and what it says. */
export const eventTypes = {
  'message.accepted': 'somebody said something that is for the reader, or that they said themself',
  'message.delivery':
    'how many of the recipients of a message have it; for who said it and for the owner, whenever the counts have changed, until all are final or a day is over; of the newest 50 messages',
  'message.reaction':
    'a handset reacted to a message that the reader may read, or took that back; all of its reactions',
  'member.joined': 'somebody is a member, also after they had left',
  'member.left': 'a member has left and may come back',
  'member.renamed': 'a member has another name',
  'member.removed': 'a membership was taken away',
  'group.changed': 'settings of the group have changed, or its owner',
  'group.gone': 'the reader is in the group no longer: they were removed, or it was deleted',
  'schedule.sent': 'a scheduled message went out; for the owner',
  'schedule.dropped': 'a scheduled message was not sent after all; for the owner',
  'account.low': 'the reader’s account runs low; not for keys',
} as const satisfies Record<EventType, string>;

export type EventType = (typeof groupEventKinds)[GroupEventKind]['type'] | OwnType;
/** Those that are not kept as events: they are read off what there is. */
type OwnType = 'message.accepted' | 'message.delivery' | 'group.gone' | 'account.low';

/** An event as it goes out, in JSON. Times are epoch seconds. */
export type AppEvent = {
  type: EventType;
  time: number;
  /** The number by which the reader reaches the group. */
  group?: string;
  message?: SaidMessage & { mine?: 1 };
  /** Of the group. */
  message_id?: number;
  counts?: DeliveryCounts;
  reactions?: ReactionCount[];
  member?: { name: string; number?: string };
  changed?: string[];
  schedule_id?: number;
  balance?: number;
};

/** `from`: the phone of who said it, where the reader may see it. */
export function messageEvent(
  config: Config,
  group: string,
  message: ReadMessage,
  { mine, from }: { mine: boolean; from: string | undefined },
): AppEvent {
  return {
    type: 'message.accepted',
    time: message.time,
    group,
    message: { ...saidMessage(config, message, from), ...(mine ? { mine: 1 as const } : {}) },
  };
}

export function groupEvent(
  group: string,
  row: GroupEventRow,
  reactions: ReadonlyMap<number, ReactionCount[]>,
): AppEvent {
  const { kind, at, subjectId, name, phone, rowId, messageId, scheduleId, fields } = row;
  return {
    type: groupEventKinds[kind].type,
    time: epochSeconds(at),
    group,
    ...(subjectId === null ? {} : { member: { name: name ?? '', ...(phone === null ? {} : { number: phone }) } }),
    ...(messageId === null ? {} : { message_id: messageId }),
    ...(kind === 'reacted' && rowId !== null ? { reactions: reactions.get(rowId) ?? [] } : {}),
    ...(scheduleId === null ? {} : { schedule_id: scheduleId }),
    ...(fields === null ? {} : { changed: fields.split(',') }),
  };
}

export function epochSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
