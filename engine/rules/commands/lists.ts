import { readAddressee } from '../addressee.ts';
import type { Effect } from '../effects.ts';
import { cutLines, list as listOf } from '../fit.ts';
import { isArgument, patternOf } from '../languages/arguments.ts';
import { faultOfListName, findList, type GroupList, LIST_LIMITS } from '../lists.ts';
import { nameIn } from '../pairs.ts';
import { denialOf, runsGroup } from '../permissions.ts';
import { prefixed, toGsm } from '../text.ts';
import { texts } from '../texts.ts';
import type { Member, Roster } from '../types.ts';
import { countPeople, wording } from '../wording.ts';
import { answer, type Call, type CommandRows, callBy, explain } from './command.ts';
import { badName, withMember } from './people.ts';

/** Some members under a name, who are texted by it. */
export const lists = {
  list: {
    also: ['sublist', 'team', 'section'],
    usage: '*list NAME add Bob',
    does: 'makes a list; @NAME text reaches it',
    permission: 'listMembers',
    needs: 'lists',
    run(call) {
      const { membership, rest, context } = call;
      const { roster } = membership;
      const { name: group } = roster.group;
      if (rest === '') return showAll(call);
      const [, typed = rest, verb, names = ''] = CHANGE.exec(rest) ?? [];
      const name = nameIn(typed);
      const found = findList(context.lists ?? [], name);
      if (verb === undefined) return found === undefined ? noSuch(call, name) : show(call, found);
      if (denialOf('changeGroup', membership) !== null) return answer(texts.ownerOnly({ group }));
      const isOver = names === '' && isArgument(verb, 'delete');
      if (names === '' && !isOver) return explain(call.how);
      if (isArgument(verb, 'add')) return add(call, name, { found, names });
      if (found === undefined) return noSuch(call, name);
      if (isOver)
        return [{ kind: 'dropList', listId: found.id }, ...answer(listTexts.listDeleted({ name: found.name, group }))];
      return withMembers(call, names, (members) => [
        { kind: 'changeList', listId: found.id, on: [], off: members.map(({ id }) => id) },
        ...answer(listTexts.takenOff({ name: found.name, group, who: members.map(callBy) })),
      ]);
    },
  },
  lists: {
    usage: '*lists',
    does: 'shows the lists',
    isAnswer: true,
    permission: 'listMembers',
    needs: 'lists',
    run: (call) => showAll(call),
  },
} satisfies CommandRows;

/** What becomes of a list, behind its name. */
const CHANGE = new RegExp(`^(\\S[\\s\\S]*?)\\s+(${patternOf('add', 'remove', 'delete')})(?:\\s+([\\s\\S]+))?$`, 'iu');

function add(call: Call, name: string, { found, names }: { found: GroupList | undefined; names: string }): Effect[] {
  const { membership, context } = call;
  const { name: group } = membership.roster.group;
  if (found === undefined) {
    const bad = badListName(call, name);
    if (bad !== null) return bad;
    if ((context.lists ?? []).length >= LIST_LIMITS.lists) return answer(listTexts.tooManyLists({ group }));
  }
  return withMembers(call, names, (members) => {
    const gone = members.find(({ left }) => left);
    if (gone !== undefined) return answer(listTexts.goneFromList({ who: callBy(gone), group }));
    const memberIds = members.map(({ id }) => id);
    const put = { name: found?.name ?? name, group, who: members.map(callBy) };
    return [
      found === undefined
        ? { kind: 'makeList', name, memberIds }
        : { kind: 'changeList', listId: found.id, on: memberIds, off: [] },
      ...answer(listTexts.putOn(put)),
    ];
  });
}

/** Why a list cannot be called so, or null. */
function badListName({ membership: { roster }, commandWords }: Call, name: string): Effect[] | null {
  const bad = badName(name);
  const fault = bad === null ? faultOfListName(roster, name, commandWords) : null;
  return fault === null ? bad : answer(listTexts[fault]({ name, group: roster.group.name }));
}

/** All who are named, or nobody: names one after another, with commas or without. */
function withMembers(call: Call, names: string, then: (members: readonly Member[]) => Effect[]): Effect[] {
  const { roster } = call.membership;
  const members = new Map<number, Member>();
  for (let rest = bare(names); rest !== ''; ) {
    const found = readAddressee(roster, rest, call.context.phones);
    if (found === null) return withMember(call, /^[^\s,]+/u.exec(rest)?.[0] ?? rest, () => []);
    members.set(found.member.id, found.member);
    rest = bare(found.words);
  }
  return then([...members.values()]);
}

/** Without what stands between names. */
function bare(names: string): string {
  return names.replace(BETWEEN, '').replace(/[\s,;.!]+$/u, '');
}

const BETWEEN = new RegExp(`^(?:[\\s,;&+]+|${patternOf('and')}\\s+)+`, 'iu');

function show({ membership: { roster } }: Call, found: GroupList): Effect[] {
  const who = membersOf(roster, found).map(callBy);
  const put = { name: found.name, group: roster.group.name, who };
  return answer(who.length === 0 ? listTexts.listEmpty(put) : listTexts.listed(put));
}

function showAll({ membership: { roster }, context }: Call): Effect[] {
  const { name: group } = roster.group;
  const all = context.lists ?? [];
  if (all.length === 0) return answer(listTexts.noLists({ group }));
  return answer(listTexts.lists({ group, all: all.map((one) => `${one.name} (${membersOf(roster, one).length})`) }));
}

function noSuch({ membership }: Call, name: string): Effect[] {
  return answer(listTexts.noSuchList({ name: name.slice(0, 40), group: membership.roster.group.name }));
}

/** Those of a list who are in the group. */
export function membersOf({ members }: Roster, { memberIds }: GroupList): Member[] {
  return members.filter(({ id, left }) => !left && memberIds.includes(id));
}

/** Says it to the members of a list, or says why not: what was meant for some is never said to all. */
export function sayToList(
  { membership: { roster, member: by }, said, suspended }: Pick<Call, 'membership' | 'said' | 'suspended'>,
  { list, words }: { list: GroupList; words: string },
): Effect[] {
  const { name: group, replyToOwner } = roster.group;
  const { name } = list;
  if (replyToOwner && !runsGroup(by)) return answer(listTexts.listIsOwners({ name, group }));
  const others = membersOf(roster, list).filter(({ id }) => id !== by.id);
  if (others.length === 0) return answer(listTexts.nobodyListed({ name, group }));
  if (roster.group.paused) return answer(texts.paused({ group }));
  if (suspended) return answer(texts.suspended({ group }));
  // Who gets it sees for whom it is: an answer goes to all.
  const text = toGsm(prefixed({ ...by, text: `@${name} ${words}`.trim() }));
  return [
    { kind: 'say', text, media: said.media, toId: by.id, cc: said.cc, listed: others.map(({ id }) => id) },
    ...answer(listTexts.saidToList({ name, group, count: others.length })),
  ];
}

type Of = { name: string; group: string };
type Some = Of & { who: readonly string[] };

/** What these commands say, and what a text to a list is answered. */
export const listTexts = wording({
  putOn: ({ name, group, who }: Some) =>
    `On the list ${name} of "${group}": ${listOf(who, 120)}. @${name} and a text reaches only that list.`,
  takenOff: ({ name, group, who }: Some) => `Off the list ${name} of "${group}": ${listOf(who, 120)}.`,
  listDeleted: ({ name, group }: Of) => `"${group}" has no list ${name} any more. Nobody left the group.`,
  listed: ({ name, group, who }: Some) => `${name} in "${group}", ${countPeople(who.length)}: ${listOf(who, 200)}.`,
  listEmpty: ({ name, group }: Of) =>
    `Nobody is on the list ${name} of "${group}" now. *list ${name} add NAME adds one.`,
  lists: ({ group, all }: { group: string; all: readonly string[] }) =>
    cutLines(`Lists of "${group}". *list NAME shows one, @NAME and a text reaches it:`, [all.join(', ')]),
  noLists: ({ group }: { group: string }) =>
    `"${group}" has no lists. Its owner makes one by *list NAME add Bob, and @NAME then texts only that list.`,
  noSuchList: ({ name, group }: Of) => `"${group}" has no list ${name}. *lists shows its lists.`,
  goneFromList: ({ who, group }: { who: string; group: string }) =>
    `${who} has left "${group}", so can't be on a list. Nothing was changed.`,
  tooManyLists: ({ group }: { group: string }) =>
    `"${group}" has ${LIST_LIMITS.lists} lists, and can't have more. *list NAME delete deletes one.`,
  isTooLong: (_: Of) => `A list's name has ${LIST_LIMITS.name} letters at most. Nothing was changed.`,
  isMember: ({ name, group }: Of) =>
    `A member of "${group}" is called ${name}, and @${name} reaches them, so no list can be. Nothing was changed.`,
  isTaken: ({ name }: Of) =>
    `A list can't be called ${name}: that word means something else here. Nothing was changed.`,
  listIsOwners: ({ name, group }: Of) =>
    `In "${group}", texts go only to the owner, and only owners text the list ${name}. Your text wasn't sent.`,
  nobodyListed: ({ name, group }: Of) =>
    `Nobody but you is on the list ${name} of "${group}", so your text wasn't sent.`,
  saidToList: ({ name, group, count }: Of & { count: number }) =>
    `Only the list ${name} in "${group}" gets that text: ${countPeople(count)}.`,
  memberNotList: ({ who, group }: { who: string; group: string }) =>
    `Only ${who} in "${group}" gets that text: the member, not the list of that name.`,
});
