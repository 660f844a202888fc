import type { MemberPatch, Obstacle } from './membership.ts';
import type { GroupChange } from './settings.ts';

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
  | { kind: 'unblock' }
  /** Somebody becomes a member: added by the sender, or joining by themself. Refused for the first obstacle of `order`. */
  | { kind: 'add'; name: string | null; phone: string; joins: boolean; order: readonly Obstacle[] }
  | { kind: 'remove'; membershipId: number }
  | { kind: 'setMember'; membershipId: number; patch: MemberPatch }
  | { kind: 'setGroup'; patch: GroupChange }
  /** The group is gone; every member but the sender gets one text. */
  | { kind: 'endGroup' };

/** Does it change what a roster holds? Then the roster gets a new version, and an app shows the group anew. */
export function changesRoster({ kind }: Effect): boolean {
  return rosterChanges.has(kind);
}

const rosterChanges: ReadonlySet<Effect['kind']> = new Set([
  'leave',
  'return',
  'add',
  'remove',
  'setMember',
  'setGroup',
  'endGroup',
  'activate',
]);
