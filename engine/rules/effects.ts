/**
 * What a decision wants done. Nothing has happened yet: perform.ts turns effects into writes. The same effect comes
 * from a text and from a call.
 */
export type Effect =
  /** Keeps a message of the sender; to one membership, or to everybody (null). */
  | { kind: 'say'; text: string; media: readonly string[]; toId: number | null; cc: boolean }
  /** A text of ours to the sender, before all messages; `anyway` also to a blocked phone. */
  | { kind: 'answer'; text: string; anyway?: boolean }
  /** As `answer`, but at most once a day and subject. */
  | { kind: 'hint'; subject: string; text: string }
  /** The sender leaves, or comes back to, the group. */
  | { kind: 'leave' }
  | { kind: 'return' }
  /** The staged group of the sender is on. */
  | { kind: 'activate' }
  /** No text of ours goes to the sender’s phone any more; the owners of their groups are told. */
  | { kind: 'block' }
  | { kind: 'unblock' };

/** Does it change what a roster holds? Then the roster gets a new version. */
export function changesRoster(effect: Effect): boolean {
  return effect.kind === 'leave' || effect.kind === 'return';
}
