import { audienceOf, isSilent } from './audience.ts';
import type { CommandContext } from './command-context.ts';
import { callBy } from './commands/command.ts';
import { pollTexts } from './commands/polls.ts';
import { isCommand, runCommand } from './commands.ts';
import type { Effect } from './effects.ts';
import { isNo, isSend, isYes, type Keyword, keywordOf } from './keywords.ts';
import { denialOf } from './permissions.ts';
import { readVote, takesAnswers } from './polls.ts';
import { routeService, type ServiceContext, type ServiceText } from './service-commands.ts';
import { prefixed, toGsm } from './text.ts';
import { type Brand, texts } from './texts.ts';
import type { Membership, Roster, Said } from './types.ts';
import { keepTill, waitOf } from './waiting.ts';
import { wantsOut } from './wants-out.ts';

/**
 * Who a text comes from, as far as is known: a member (who may have left), the creator of a staged group, somebody
 * who texts the service number, or nobody of the group that the number serves. `barred` is a stranger whose phone we
 * never text: of a country that is not allowed, a premium or satellite number.
 */
export type Sender =
  | { kind: 'member'; membership: Membership; suspended: boolean; context: CommandContext }
  | { kind: 'creator'; group: string }
  | { kind: 'service'; text: ServiceText; context: ServiceContext }
  | { kind: 'stranger' }
  | { kind: 'barred' };

export type Scene = {
  said: Said;
  sender: Sender;
  /** The phone is blocked by a STOP, for all numbers of ours. */
  blocked: boolean;
  /** The carrier holds a block of its own, of texts from the number that the phone has texted. */
  blockedByCarrier: boolean;
  /** Other numbers of ours that serve the phone and whose texts the carrier blocks, whatever it makes of this text. */
  stillBlocked: readonly string[];
  /** What the carrier took the text for. It has answered an `optout` and a `help`, and an `optin` where it held a block. */
  intent: 'optout' | 'optin' | 'help' | null;
  flood: Flood | null;
  brand: Brand;
};

/**
 * More than a person texts: the same again and again, too much in a minute, or at once in answer to another member (a
 * membership), again and again. `hour` is that of the day.
 */
export type Flood =
  | { kind: 'repeats' }
  | { kind: 'floods'; limit: number; hour: number }
  | { kind: 'loops'; withId: number };

/** What a text wants done. Keywords come first, then what is too much is dropped, then commands; else it is a message. */
export function route(scene: Scene): Effect[] {
  const { said, sender, flood } = scene;
  const keyword = keywordIn(scene);
  // Senders can be forged, and each answer costs: only a STOP counts, and it is not confirmed.
  if (sender.kind === 'barred')
    return keyword === 'stop' && !scene.blocked ? [{ kind: 'block', byCarrier: scene.intent === 'optout' }] : [];
  if (keyword === 'stop' || keyword === 'start') return obeyKeyword(scene, keyword);
  // A reaction is the same text whenever it is put on and taken off again.
  const isRepeatable = sender.kind === 'member' && isReaction(said, sender.context);
  if (flood !== null && !(flood.kind === 'repeats' && isRepeatable)) return dropFlood(sender, flood);
  if (keyword !== null) return obeyKeyword(scene, keyword);
  if (said.text === '' && said.media.length === 0) return [];
  switch (sender.kind) {
    case 'member':
      return routeMember(said, sender);
    case 'creator':
      if (wantsOut(said.text)) return [{ kind: 'answer', text: texts.stopOfferedStaged(sender) }];
      if (isNo(said.text)) return [{ kind: 'refuseGroup' }, { kind: 'answer', text: texts.notOn(sender) }];
      if (isCommand(said.text)) return [{ kind: 'answer', text: texts.notOn(sender) }];
      return [{ kind: 'activate' }];
    case 'service':
      return routeService(sender.text, sender.context);
    case 'stranger':
      return [{ kind: 'hint', subject: 'stranger', text: texts.unknownSender() }];
  }
}

/** What a member’s words want done: a command, the answer to a question of ours, or a message. Texts and calls meet here. */
export function routeMember(said: Said, sender: Omit<Extract<Sender, { kind: 'member' }>, 'kind'>): Effect[] {
  const { membership, suspended, context } = sender;
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
  if (offer?.isNext && isYes(said.text)) return [{ kind: 'acceptOwner', lost: offer.lost }];
  if (offer?.isNext && isNo(said.text))
    return [
      { kind: 'declineOwner', lost: offer.lost },
      { kind: 'answer', text: texts.declined({ group }) },
    ];
  const vote = said.media.length === 0 ? voteIn(said.text, context) : null;
  if (vote !== null) return vote;
  if (suspended || roster.group.paused)
    return [{ kind: 'hint', subject: `suspended-${roster.group.id}`, text: whySuspended(roster) }];
  const held = isSend(said.text) ? context.held : null;
  const toId = audienceOf(roster, member);
  const spoken = { ...said, text: held ?? said.text };
  // What waits for its hours is a broadcast: chat goes at once.
  const { words, wait } = roster.group.replyToOwner
    ? waitOf(spoken, membership, { ...context, toId })
    : { words: spoken.text, wait: null };
  const released: Effect[] = held === null ? [] : [{ kind: 'release' }];
  if (wait !== null) return [...released, ...keepTill(wait, membership, { ...context, ...spoken })];
  const text = toGsm(prefixed({ ...member, text: words }));
  const say: Effect = { kind: 'say', text, media: said.media, toId, cc: said.cc };
  return [
    ...released,
    say,
    ...silenceOf(roster, toId),
    ...(offer !== null && isYes(said.text) ? hintAtAccept(roster) : []),
  ];
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
function isReaction({ reaction }: Said, { quoted }: CommandContext): boolean {
  return reaction !== null && (reaction.isSure || quoted !== null);
}

/** What they quote may be a text of ours, or older than we look: then the reaction is for nobody. */
function react({ reaction }: Said, { quoted }: CommandContext): Effect[] {
  if (reaction === null || quoted === null) return [];
  return [{ kind: 'react', messageId: quoted, reaction: reaction.reaction, removed: reaction.removed }];
}

const INTENTS: Record<NonNullable<Scene['intent']>, Keyword> = { optout: 'stop', optin: 'start', help: 'help' };

/** The text may end a block: it is START to the carrier or to us. Whether there is a block is another question. */
export function mayStart(text: string, intent: Scene['intent']): boolean {
  return intent === 'optin' || (intent === null && keywordOf(text) === 'start');
}

/**
 * START is a keyword only from a phone that is blocked here: from any other it is a word. The carrier marks YES and GO as
 * `optin` from any phone, so from a phone that is not blocked the mark is ignored.
 */
function keywordIn({ said, blocked, blockedByCarrier, intent }: Scene): Keyword | null {
  const isBlocked = blocked || blockedByCarrier;
  if (intent !== null && (intent !== 'optin' || isBlocked)) return INTENTS[intent];
  const keyword = keywordOf(said.text);
  return keyword === 'start' && !isBlocked ? null : keyword;
}

/**
 * Nobody hears twice of one keyword, and nobody hears nothing: the carrier answers what it takes for a keyword itself,
 * but confirms an opt-in only where it held a block of its own. That block outlasts a START that it does not know, such
 * as "resume.", and would refuse all that follows; so the phone stays blocked. Nor does a START end the carrier's block
 * of another number: the phone is told where to text START for that one.
 */
function obeyKeyword(scene: Scene, keyword: Keyword): Effect[] {
  const { blocked, blockedByCarrier, stillBlocked, intent, brand } = scene;
  const byCarrier = intent !== null;
  const answer = (text: string, ignoreOptOut = false): Effect[] =>
    byCarrier ? [] : [{ kind: 'answer', text, ignoreOptOut }];
  if (keyword === 'stop') {
    if (blocked) return byCarrier && !blockedByCarrier ? [{ kind: 'blockByCarrier' }] : [];
    return [{ kind: 'block', byCarrier }, ...answer(texts.stopped({ brand }), true)];
  }
  if (keyword === 'help') return blocked || blockedByCarrier ? [] : answer(texts.about({ brand }));
  if (blockedByCarrier && !byCarrier) return [];
  const unblock: Effect = { kind: 'unblock', byCarrier };
  if (stillBlocked.length > 0)
    return [unblock, { kind: 'answer', text: texts.startedHere({ brand, numbers: stillBlocked }) }];
  return blockedByCarrier ? [unblock] : [unblock, { kind: 'answer', text: texts.started({ brand }) }];
}

/** A machine is not answered, or two machines would talk to each other for good. */
function dropFlood(sender: Sender, flood: Flood): Effect[] {
  if (flood.kind === 'floods') {
    // Kept by the day and subject: so once an hour.
    return [{ kind: 'hint', subject: `flood-${flood.hour}`, text: texts.tooManyTexts({ limit: flood.limit }) }];
  }
  if (sender.kind !== 'member') return [];
  const { roster, member } = sender.membership;
  const other = flood.kind === 'loops' ? roster.members.find(({ id }) => id === flood.withId) : undefined;
  const [who, group] = [callBy(member), roster.group.name];
  const text =
    other === undefined
      ? texts.autoResponder({ who, group })
      : texts.autoResponders({ who: [who, callBy(other)], group });
  return [{ kind: 'tellOwner', subject: `machine-${roster.group.id}`, text }];
}
