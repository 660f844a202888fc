import { mentionIn, readMention } from './addressee.ts';
import { audienceOf, isSilent, needsApproval } from './audience.ts';
import type { CommandContext } from './command-context.ts';
import { sayToList } from './commands/lists.ts';
import { pollTexts } from './commands/polls.ts';
import { sayToOne } from './commands/talk.ts';
import { isCommand, runCommand } from './commands.ts';
import type { Effect } from './effects.ts';
import { isNo, isSend, isYes } from './keywords.ts';
import { heardFrom, type Language, languageOf } from './languages/language.ts';
import { speakIn } from './languages/speaking.ts';
import { readListed } from './lists.ts';
import { denialOf } from './permissions.ts';
import { readVote, takesAnswers } from './polls.ts';
import { prefixed, toGsm } from './text.ts';
import { texts } from './texts.ts';
import type { Membership, Roster, Said } from './types.ts';
import { keepTill, waitOf } from './waiting.ts';
import { wantsOut } from './wants-out.ts';
import { asksWho, introduce } from './who-is-this.ts';

/** A member who says something, and what is known of them; they may have left. */
export type MemberSender = { membership: Membership; suspended: boolean; context: CommandContext };

/**
 * What a member’s words want done: a command, the answer to a question of ours, or a message. Texts and calls meet here. What
 * they are answered is in their language.
 */
export function routeMember(said: Said, sender: MemberSender): Effect[] {
  const { roster, member } = sender.membership;
  const chosen = { own: member.language, group: roster.group.language };
  return speakIn(languageOf(chosen), () => routeSaid(said, sender, heardFrom(chosen)));
}

function routeSaid(said: Said, { membership, suspended, context }: MemberSender, heard: readonly Language[]): Effect[] {
  const { roster, member } = membership;
  if (isReaction(said, context)) return react(said, context);
  if (isCommand(said.text)) return runCommand({ membership, said, suspended, context });
  const { name: group } = roster.group;
  if (said.media.length === 0 && !member.blocked && wantsOut(said.text))
    return [
      { kind: 'hold', text: said.text },
      { kind: 'answer', text: texts.stopOffered({ group }) },
    ];
  if (denialOf('say', membership) !== null) return [{ kind: 'answer', text: texts.comeBack({ group }) }];
  const { offer } = context;
  if (offer?.isNext && isYes(said.text, heard)) return [{ kind: 'acceptOwner', lost: offer.lost }];
  if (offer?.isNext && isNo(said.text, heard))
    return [
      { kind: 'declineOwner', lost: offer.lost },
      { kind: 'answer', text: texts.declined({ group }) },
    ];
  const intro = said.media.length === 0 && !member.blocked ? introductionTo(said.text, membership, context) : null;
  if (intro !== null)
    return [
      { kind: 'hold', text: said.text },
      { kind: 'answer', text: intro },
    ];
  const vote = said.media.length === 0 ? voteIn(said.text, context) : null;
  if (vote !== null) return vote;
  if (suspended || roster.group.paused)
    return [{ kind: 'hint', subject: `suspended-${roster.group.id}`, text: whySuspended(roster) }];
  const toOne = readMention(said.text, membership, context.phones);
  if (toOne !== null && (toOne.words !== '' || said.media.length > 0))
    return sayToOne({ membership, said, suspended, context }, toOne);
  const toList = toOne === null ? readListed(context.lists ?? [], mentionIn(said.text) ?? '') : null;
  if (toList !== null && (toList.words !== '' || said.media.length > 0))
    return sayToList({ membership, said, suspended }, toList);
  const held = isSend(said.text, heard) ? context.held : null;
  const toId = audienceOf(roster, member);
  const spoken = { ...said, text: held ?? said.text };
  const released: Effect[] = held === null ? [] : [{ kind: 'release' }];
  if (needsApproval(roster, member))
    return [...released, { kind: 'askApproval', text: spoken.text, media: said.media, cc: said.cc }];
  // What waits for its hours is a broadcast: chat goes at once.
  const { words, wait } = roster.group.replyToOwner
    ? waitOf(spoken, membership, { ...context, toId })
    : { words: spoken.text, wait: null };
  if (wait !== null) return [...released, ...keepTill(wait, membership, { ...context, ...spoken })];
  const text = toGsm(prefixed({ ...member, text: words }));
  const say: Effect = { kind: 'say', text, media: said.media, toId, cc: said.cc };
  return [
    ...released,
    say,
    ...silenceOf(roster, toId),
    ...(offer !== null && isYes(said.text, heard) ? hintAtAccept(roster) : []),
  ];
}

/** A newcomer who asks who texts them is told by us; the group could not know that they mean it. */
function introductionTo(text: string, membership: Membership, { arrival, now }: CommandContext): string | null {
  return arrival !== null && asksWho(text) ? introduce(membership, arrival, now) : null;
}

/** An answer to the open poll; held, so that SEND says it to the group after all. */
function voteIn(text: string, { poll, now }: CommandContext): Effect[] | null {
  if (poll === null || !takesAnswers(poll, now)) return null;
  const choice = readVote(poll, text);
  if (choice === null) return null;
  const counted = pollTexts.counted({ choice: poll.choices[choice] ?? '', question: poll.question });
  return [
    { kind: 'vote', pollId: poll.id, choice },
    { kind: 'hold', text },
    { kind: 'answer', text: counted },
  ];
}

function whySuspended({ group }: Roster): string {
  return (group.paused ? texts.paused : texts.suspended)({ group: group.name });
}

/** A YES that comes later is said to the group, for somebody may have asked them something else. */
function hintAtAccept({ group }: Roster): Effect[] {
  return [{ kind: 'hint', subject: `offer-${group.id}`, text: texts.offerLater({ group: group.name }) }];
}

/** Where replies go to an owner who is not there, or gets no texts, the member would think that they were heard. */
function silenceOf({ group, members }: Roster, toId: number | null): Effect[] {
  const owner = toId === null ? undefined : members.find(({ id }) => id === toId);
  if (owner === undefined || !isSilent(owner)) return [];
  const text = (owner.left ? texts.ownerLeft : texts.ownerSilent)({ group: group.name });
  return [{ kind: 'hint', subject: `silent-${group.id}`, text }];
}

/** Where a person could have typed it, it is a reaction only if there is such a message. */
export function isReaction({ reaction }: Said, { quoted }: CommandContext): boolean {
  return reaction !== null && (reaction.isSure || quoted !== null);
}

/** What they quote may be a text of ours, or older than we look: then the reaction is for nobody. */
function react({ reaction }: Said, { quoted }: CommandContext): Effect[] {
  if (reaction === null || quoted === null) return [];
  return [{ kind: 'react', messageId: quoted, reaction: reaction.reaction, removed: reaction.removed }];
}
