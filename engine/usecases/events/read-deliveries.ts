import { type CountedMessage, countRecipientsOf, deliveryCountNames } from '../../../db/deliveries/recipient-counts.ts';
import type { GroupPlace } from '../../../db/groups/group-events.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { isReadable } from '../../rules/group-events.ts';
import type { OpenMessage } from './cursor.ts';
import { type AppEvent, epochSeconds } from './events.ts';
import { openSharedReads } from './shared-reads.ts';

/** What is new of a message that somebody follows. `ends`: nothing more will be. */
export type DeliveryStep = { open: OpenMessage; event: AppEvent | null; ends: boolean };

/**
 * How the deliveries of messages have moved since they were told last. The rows of the deliveries are the log: a change of
 * theirs is told as soon as it is committed, several at once, and who does not ask costs nothing.
 */
export async function readDeliveries(
  runtime: Runtime,
  places: readonly GroupPlace[],
  open: readonly OpenMessage[],
): Promise<DeliveryStep[]> {
  if (open.length === 0) return [];
  const at = new Map(places.map((place) => [place.membershipId, place]));
  const counted = await Promise.all(open.map(runtime.use(openSharedReads).counts));
  const follows = await followerOf(runtime, places, open);
  const now = new Date();
  return open.map((one, index) => {
    const place = at.get(one.membershipId);
    const message = counted[index];
    if (place === undefined || message === undefined || !follows(place, message))
      return { open: one, event: null, ends: true };
    const told = digestOf(message);
    const event: AppEvent = {
      type: 'message.delivery',
      time: epochSeconds(now),
      group: place.number,
      message_id: message.messageId,
      counts: message.counts,
    };
    return {
      open: { ...one, told },
      event: told === one.told ? null : event,
      ends: isFinal(message) || now.getTime() - message.acceptedAt.getTime() > FOLLOWED_MS,
    };
  });
}

/** Which of these have moved since they were told; two statements for hundreds, of whomever. */
export async function findMoved(
  { db }: Pick<Runtime, 'db'>,
  open: readonly OpenMessage[],
): Promise<ReadonlySet<OpenMessage>> {
  const counted = byName(await countRecipientsOf(db, open));
  const hasMoved = (one: OpenMessage) => {
    const message = counted.get(nameOf(one));
    return message !== undefined && digestOf(message) !== one.told;
  };
  return new Set(open.filter(hasMoved));
}

function byName(counted: readonly CountedMessage[]): ReadonlyMap<string, CountedMessage> {
  return new Map(counted.map((one) => [nameOf(one), one]));
}

function nameOf({ membershipId, messageId }: Pick<OpenMessage, 'membershipId' | 'messageId'>): string {
  return `${membershipId} ${messageId}`;
}

/** Reports that have not come in a day hardly ever come. */
const FOLLOWED_MS = 86_400_000;

/** Whether it is theirs, or of a group that they own and one that they may read: a cursor is the client's word. */
async function followerOf(
  runtime: Runtime,
  places: readonly GroupPlace[],
  open: readonly OpenMessage[],
): Promise<(place: GroupPlace, message: CountedMessage) => boolean> {
  const followed = places.filter(({ membershipId }) => open.some((one) => one.membershipId === membershipId));
  const reads = runtime.use(openSharedReads);
  const presence = new Map(
    await Promise.all(followed.map(async (place) => [place.membershipId, await reads.presence(place)] as const)),
  );
  return ({ membershipId, runsIt }, { messageId: id, senderId, toId, listed }) => {
    const member = { id: membershipId, runsIt: runsIt === 1 };
    const mayRead = isReadable({ member, presence: presence.get(membershipId) ?? [] }, { id, senderId, toId, listed });
    return mayRead && (member.runsIt || senderId === membershipId);
  };
}

/** 0 before there are any. */
function digestOf({ counts }: CountedMessage): number {
  const numbers = deliveryCountNames.map((name) => counts[name]);
  if (numbers.every((count) => count === 0)) return 0;
  return numbers.reduce((digest, count) => Math.imul(digest ^ count, FNV_PRIME) >>> 0, FNV_BASIS) || 1;
}

/** FNV-1a, of 32 bits. */
const FNV_BASIS = 2_166_136_261;
const FNV_PRIME = 16_777_619;

function isFinal({ counts, isPending }: CountedMessage): boolean {
  return !isPending && counts.waiting === 0 && counts.sent === 0;
}
