import type { ErrorToken } from './error-catalogue.ts';
import type { GroupPatch } from './group-fields.ts';
import type { Language } from './languages/language.ts';
import type { MemberPatch } from './member-fields.ts';
import type { MemberInput } from './pairs.ts';
import type { Repeat } from './repeats.ts';

/**
 * What a decision wants done. Nothing has happened yet: perform.ts turns effects into writes. The same effect comes
 * from a text and from a call.
 */
export type Effect =
  /** Keeps a message of the sender; to one membership, to everybody (null), or to those `listed`: then to the sender’s own. */
  | ({ kind: 'say'; listed?: readonly number[] } & Said)
  /** A reaction of the sender to a message (its row), or one that they take back. */
  | { kind: 'react'; messageId: number; reaction: string; removed: boolean }
  /** The sender’s text waits for their SEND; it is said, and waits no longer. */
  | { kind: 'hold'; text: string }
  | { kind: 'release' }
  /** A scheduled message of the sender’s, once; or it is not sent after all. `again` waits for its next time then. */
  | ({ kind: 'sayDue'; scheduleId: number; again?: NewSchedule } & Said)
  | { kind: 'dropDue'; scheduleId: number; again?: NewSchedule }
  /** A text waits for its time, or is taken back. */
  | ({ kind: 'schedule' } & NewSchedule)
  | { kind: 'unschedule'; scheduleId: number }
  /** A text that waits is to ask who comes at its time, or not. */
  | { kind: 'setHeadCount'; scheduleId: number; on: boolean }
  /**
   * A text of the sender’s to all waits for an owner’s approval, and they and the owners are told; the sender, an owner, approves or
   * declines one; or nobody has in time.
   */
  | { kind: 'askApproval'; text: string; media: readonly string[]; cc: boolean }
  | { kind: 'approve'; scheduleId: number; saidBy: number }
  | { kind: 'decline'; scheduleId: number; saidBy: number; text: string }
  | { kind: 'lapseApproval'; scheduleId: number }
  /** The group gets a list of these members; some come on it or off it; or it is no more. */
  | { kind: 'makeList'; name: string; memberIds: readonly number[] }
  | { kind: 'changeList'; listId: number; on: readonly number[]; off: readonly number[] }
  | { kind: 'dropList'; listId: number }
  /** A question to the group, in place of one that was forgotten; an answer of the sender’s; and the end, at a count of answers. */
  | { kind: 'openPoll'; question: string; choices: readonly string[]; insteadOf: number | null }
  | { kind: 'vote'; pollId: number; choice: number }
  | { kind: 'closePoll'; pollId: number; count: number }
  /** It is due, but waits until then (epoch milliseconds). */
  | { kind: 'postponeDue'; scheduleId: number; until: number }
  /** A device of the sender’s phone that waits for its YES is live; or it is not wanted. */
  | { kind: 'confirmDevice'; deviceId: number }
  | { kind: 'refuseDevice'; deviceId: number }
  /** A text of ours to the sender, before all messages; `ignoreOptOut` also to a blocked phone. */
  | { kind: 'answer'; text: string; ignoreOptOut?: boolean }
  /** A PIN to the sender, whatever calls have asked for. */
  | { kind: 'textPin' }
  /** As `answer`, but at most once a day and subject. */
  | { kind: 'hint'; subject: string; text: string }
  /** The sender has chosen no language, and used a word of this one: they are texted in it from now on. */
  | { kind: 'learnLanguage'; language: Language }
  /** The sender is texted in it from now on, in all their groups; null is as each group. */
  | { kind: 'chooseLanguage'; language: Language | null }
  /** All sessions of the sender’s phone end. */
  | { kind: 'endSessions' }
  /** The sender leaves, or comes back to, the group. */
  | { kind: 'leave' }
  | { kind: 'return' }
  /** The staged group of the sender is on, or they do not want it; it lapses then, unless they say YES after all. */
  | { kind: 'activate' }
  | { kind: 'refuseGroup' }
  /**
   * A STOP: no text of ours goes to the sender’s phone any more, and the owners of their groups are told. `byCarrier`
   * where the carrier took it for one too, and blocks the phone itself.
   */
  | { kind: 'block'; byCarrier: boolean }
  /** A STOP of a phone that we block already is one to the carrier as well. */
  | { kind: 'blockByCarrier' }
  /** A START; `byCarrier` where the carrier took it for one too: its own block of the number texted is lifted. */
  | { kind: 'unblock'; byCarrier: boolean }
  /**
   * Somebody becomes a member, added by the sender or joining by themself, or is asked first: see `asksFirst`. `asked` is
   * the text of ours that they agreed to.
   */
  | { kind: 'add'; name: string | null; phone: string; joins: boolean; agreed: boolean; asked?: string }
  /** The sender does not want to be a member of the group that they were asked to join. */
  | { kind: 'refuseInvitation'; groupId: number; asked: string }
  | { kind: 'remove'; membershipId: number }
  | { kind: 'setMember'; membershipId: number; patch: MemberPatch }
  /** `wordsOf`: the membership whose words are pinned; the sender’s where it is not said. */
  | { kind: 'setGroup'; patch: GroupPatch; wordsOf?: number | null }
  /** The group is gone; every member but the sender gets one text. */
  | { kind: 'endGroup' }
  /** It cannot be; the whole act is undone. `about` is the name or phone that stands in the way. */
  | { kind: 'refuse'; token: ErrorToken; about: string | null }
  /** The sender hears nothing of the group until then (epoch milliseconds); `unmute` says what was missed. */
  | { kind: 'mute'; until: number }
  | { kind: 'unmute' }
  /** A text to the owner of the sender’s group, at most once a day and subject. */
  | { kind: 'tellOwner'; subject: string; text: string }
  /** A member is asked to take the group over; the sender, who was asked, takes it or does not. `lost`: its owner is gone. */
  | { kind: 'offerOwner'; membershipId: number }
  | { kind: 'acceptOwner'; lost: boolean }
  | { kind: 'declineOwner'; lost: boolean }
  /** What the sender has told us of a group that they are making by text; `version` is the one they added to. */
  | { kind: 'saveDraft'; draft: Draft }
  | { kind: 'endDraft' }
  /** The group of a draft is staged, as by /group/create. */
  | { kind: 'stageGroup'; draft: Draft; creatorName: string | null };

/** What a message is. */
type Said = { text: string; media: readonly string[]; toId: number | null; cc: boolean };

/** A text that is to go out at `sendAt` (epoch milliseconds), and again where it repeats. */
export type NewSchedule = {
  text: string;
  media: readonly string[];
  cc: boolean;
  sendAt: number;
  repeat: Repeat | null;
  /** The membership that says it; null is the owner of that moment. */
  saidBy: number | null;
  /** At its time it asks who comes. */
  headCount?: true;
};

/** A group that somebody is making by text; `version` 0 is not kept yet. */
export type Draft = { group: string; members: readonly MemberInput[]; version: number };

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
  'mute',
  'unmute',
  'acceptOwner',
  'learnLanguage',
  'chooseLanguage',
]);
