import type { Draft, Effect } from '../../effects.ts';
import { list } from '../../fit.ts';
import { foldWord } from '../../languages/language.ts';
import { serviceNames } from '../../languages/vocabulary.ts';
import { codePoints, faultOfName, isCommandLike, NAME_LIMIT, nameKey } from '../../names.ts';
import { type MemberInput, nameIn, readPairs } from '../../pairs.ts';
import { countPeople, wording } from '../../wording.ts';
import { words } from '../../words.ts';
import { answer } from '../command.ts';
import { badGroupName } from '../people.ts';
import { readWord, type ServiceCommand, type ServiceContext, serviceCommand } from './command.ts';

const needs = () => ({ kind: 'draft' }) as const;
const nothing = () => ({});

/** Making a group by text: `*new`, then lines of names and numbers, then `*done`. */
export const start = serviceCommand({
  name: 'new',
  words: ['new'],
  usage: '*new GROUP NAME',
  does: 'makes a group',
  read({ rest }) {
    const [group = '', ...lines] = rest.split('\n');
    return { group: nameIn(group), ...readLines(lines.join('\n')) };
  },
  needs,
  run(context, { group, ...lines }) {
    const { draft, draftLapsed } = context;
    if (draft !== null && !draftLapsed) return sayOpen(draft);
    if (group === '') return answer(draftTexts.newHow());
    const bad = badGroupName(group, context.phones);
    if (bad !== null) return bad;
    const fresh = { group, members: [], version: draft?.version ?? 0 };
    if (lines.text.trim() !== '' || lines.done) return grow(context, fresh, lines);
    return [{ kind: 'saveDraft', draft: fresh }, ...answer(draftTexts.draftBegun({ group }))];
  },
});

/** What is no command: lines for the group that is being made, or a call for help. */
export function linesOr(help: ServiceCommand): ServiceCommand {
  return serviceCommand({
    name: 'lines',
    words: [],
    usage: 'NAME NUMBER',
    does: 'adds somebody to the group you are making; one or many in a text',
    whileDrafting: true,
    read: ({ text }) => readLines(text),
    needs,
    run(context, lines) {
      if (context.draft === null) return help.read({ text: lines.text, rest: '' }).run(context);
      return withDraft(context, (draft) => (isCommandLike(lines.text) ? sayOpen(draft) : grow(context, draft, lines)));
    },
  });
}

export const done = serviceCommand({
  name: 'done',
  words: ['done'],
  usage: '*done',
  does: 'makes the group you began',
  whileDrafting: true,
  read: nothing,
  needs,
  run: (context) => withDraft(context, (draft) => stage(context, draft)),
});

export const cancel = serviceCommand({
  name: 'cancel',
  words: ['cancel'],
  usage: '*cancel',
  does: 'drops the group you began',
  whileDrafting: true,
  read: nothing,
  needs,
  run({ draft }) {
    if (draft === null) return answer(draftTexts.noDraft());
    return [{ kind: 'endDraft' }, ...answer(draftTexts.draftDropped({ group: draft.group }))];
  },
});

/** Help: how to go on with the group that is being made, or `usual` where there is none. */
export function helpWith(usual: () => string): ServiceCommand {
  return serviceCommand({
    name: 'help',
    words: ['help'],
    usage: '*help',
    does: 'lists these commands',
    read: nothing,
    needs,
    run: (context) => (context.draft === null ? answer(usual()) : withDraft(context, sayOpen)),
  });
}

/** `done`: a last line says *done, so that a whole group may come in one text. */
type Lines = { text: string; done: boolean };

function readLines(text: string): Lines {
  const lines = text.trimEnd().split('\n');
  const { starred, word, rest } = readWord(lines.at(-1)?.slice(0, 20) ?? '');
  const isDone = starred && rest === '' && isDoneWord(word);
  return { text: isDone ? lines.slice(0, -1).join('\n') : text, done: isDone };
}

/** In any language: it ends a list, whatever that is in. */
function isDoneWord(word: string): boolean {
  return word === 'done' || Object.values(serviceNames).some((names) => names.done.words.includes(foldWord(word)));
}

/** Goes on with the group that is being made, unless its maker was silent for too long. */
function withDraft({ draft, draftLapsed }: ServiceContext, goOn: (draft: Draft) => Effect[]): Effect[] {
  if (draft === null) return answer(draftTexts.noDraft());
  if (draftLapsed) return [{ kind: 'endDraft' }, ...answer(draftTexts.draftLapsed({ group: draft.group }))];
  return goOn(draft);
}

function sayOpen({ group, members }: Draft): Effect[] {
  return answer(draftTexts.draftOpen({ group, members: members.length }));
}

/** Keeps the lines that are right; the others are named, so that nothing is lost, and then it is not done yet. */
function grow(context: ServiceContext, draft: Draft, { text, done: isDone }: Lines): Effect[] {
  const { pairs, wrong } = readPairs(text, context.phones);
  const members = [...draft.members];
  const added: string[] = [];
  for (const pair of pairs) {
    const why = whyNot(context, members, pair);
    if (why !== null) {
      wrong.push(`${pair.name ?? pair.phone} (${why})`);
      continue;
    }
    members.push(pair);
    added.push(pair.name ?? pair.phone);
  }
  const grown = { ...draft, members };
  // Also wrong lines are no silence: the hour begins anew.
  const save: Effect = { kind: 'saveDraft', draft: grown };
  if (isDone && wrong.length === 0) return [save, ...stage(context, grown)];
  return [save, ...answer(draftTexts.draftGrows({ group: draft.group, added, wrong, members: members.length }))];
}

/** The next text comes from the new group’s own number, and asks for a YES. */
function stage({ name }: ServiceContext, draft: Draft): Effect[] {
  return [{ kind: 'stageGroup', draft, creatorName: name }, { kind: 'endDraft' }];
}

function whyNot(
  { phone, name: own, maxMembers }: ServiceContext,
  members: readonly MemberInput[],
  pair: MemberInput,
): string | null {
  if (pair.name === null) return words().notAdded.noName;
  if (faultOfName(pair.name) !== null) return words().notAdded.badName;
  if (codePoints(pair.name) > NAME_LIMIT) return words().notAdded.longName;
  const key = nameKey(pair.name);
  if (pair.phone === phone) return words().notAdded.ownPhone;
  if (members.some((member) => member.phone === pair.phone)) return words().notAdded.samePhone;
  if (members.some(({ name }) => name !== null && nameKey(name) === key)) return words().notAdded.sameName;
  if (own !== null && nameKey(own) === key) return words().notAdded.ownName;
  return members.length + 1 >= maxMembers ? words().notAdded.full : null;
}

/** What these commands say. */
export const draftTexts = wording({
  newHow: () => 'To make a group, text *new and its name: *new Hikers.',
  draftBegun: ({ group }: { group: string }) =>
    `Who's in "${group}"? Text NAME NUMBER for each person, like Bob 212-555-0100, one or many in a text. Then text *done. Nobody gets a text before that. *cancel drops it.`,
  draftOpen: ({ group, members }: { group: string; members: number }) =>
    `You're still making "${group}", with ${countPeople(members)} so far. *done makes it, *cancel drops it.`,
  draftGrows: ({
    group,
    added,
    wrong,
    members,
  }: {
    group: string;
    added: readonly string[];
    wrong: readonly string[];
    members: number;
  }) =>
    `${added.length === 0 ? '' : `Added: ${list(added, 70)}. `}${wrong.length === 0 ? '' : `Not added: ${list(wrong, 90)}. `}"${group}" has ${countPeople(members)} besides you so far. Text more, or *done.`,
  draftDropped: ({ group }: { group: string }) => `"${group}" is dropped. Nobody was texted.`,
  draftLapsed: ({ group }: { group: string }) =>
    `"${group}" was dropped after an hour without a text from you. *new ${group} starts it again.`,
  noDraft: () => "You're not making a group. *new GROUP NAME starts one.",
});
