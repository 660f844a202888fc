/**
 * A group is busy from so many texts within so many milliseconds on: at that rate a phone that lies on a table rings four
 * times a minute. It is calm again below half of the rate, so that it does not go back and forth.
 */
export const BUSY = { texts: 20, withinMs: 5 * 60_000 };
export const CALM = { texts: 20, withinMs: 10 * 60_000 };
/** Who said something within this takes part. */
export const TALKS_MS = 10 * 60_000;

/** When messages of a group were accepted (epoch milliseconds), by their ids in the group, which have no gaps. */
export type Pulse = readonly { messageId: number; at: number }[];

/**
 * What is remembered of a group after one more of its messages, and whether it is busy. A process that sees only some of the
 * messages counts the others too, by the ids between.
 */
export function feel(before: Pulse, message: { messageId: number; at: number }): { pulse: Pulse; busy: boolean } {
  const pulse = [...before, message]
    .filter(({ at }) => at > message.at - BUSY.withinMs && at <= message.at)
    .slice(-BUSY.texts);
  const first = Math.min(...pulse.map(({ messageId }) => messageId));
  return { pulse, busy: message.messageId - first + 1 >= BUSY.texts };
}
