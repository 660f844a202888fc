import { badName } from './commands/people.ts';
import { type DeviceType, nameDevice } from './devices.ts';
import type { Draft, Effect } from './effects.ts';
import { findByName, findByPhone } from './membership.ts';
import { cleanText, codePoints, isCommandLike, NAME_LIMIT, nameKey } from './names.ts';
import { type MemberInput, nameIn, readPairs } from './pairs.ts';
import type { PhoneSettings } from './phone.ts';
import { texts } from './texts.ts';
import type { Roster } from './types.ts';
import { words } from './words.ts';

/** What a text to the service number asks for. */
export type Errand =
  | { kind: 'join'; code: string; name: string | null }
  /** The lines after the name are members already. */
  | ({ kind: 'new'; group: string } & Lines)
  | { kind: 'groups' }
  | { kind: 'done' }
  | { kind: 'cancel' }
  /** Anything else: lines for the group that is being made, or a call for help. */
  | ({ kind: 'words' } & Lines);

/** `done`: a last line says *done, so that a whole group may come in one text. */
type Lines = { text: string; done: boolean };

/** Who texts the service number, and what was looked up for their errand. */
export type Caller = {
  errand: Errand;
  phone: string;
  /** The name they used last. */
  name: string | null;
  phones: PhoneSettings;
  maxMembers: number;
  /** The group of the code that they named. */
  invited: Roster | null;
  draft: Draft | null;
  /** Nothing was heard of the draft for too long. */
  draftLapsed: boolean;
  /** The kind of the device that waits for their YES, where this text is one. */
  device: DeviceType | null;
  groups: readonly { name: string; number: string; left: boolean }[];
};

/** What can be texted to the service number, for the README. */
export const errands = [
  { usage: 'JOIN CODE NAME', does: 'joins the group with this invite code' },
  { usage: '*new GROUP NAME', does: 'begins a group; then lines of NAME NUMBER' },
  { usage: '*done', does: 'makes the group that was begun' },
  { usage: '*cancel', does: 'drops the group that was begun' },
  { usage: '*groups', does: 'lists your groups and their numbers' },
] as const;

export function readErrand(text: string): Errand {
  const [, word = '', rest = ''] =
    /^\s*[*＊﹡∗]*\s*(\p{L}{1,10})\p{P}*(?:\s+([\s\S]*))?$/u.exec(text.slice(0, 5_000)) ?? [];
  const isStarred = /^\s*[*＊﹡∗]/u.test(text);
  const name = word.normalize('NFKC').toLowerCase();
  if (name === 'join') return readJoin(rest);
  if (!isStarred) return { kind: 'words', ...readLines(text) };
  if (name === 'new') return readNew(rest);
  if (name === 'groups' || name === 'group') return { kind: 'groups' };
  if (name === 'done') return { kind: 'done' };
  if (name === 'cancel') return { kind: 'cancel' };
  return { kind: 'words', text, done: false };
}

function readNew(rest: string): Errand {
  const [group = '', ...lines] = rest.split('\n');
  return { kind: 'new', group: nameIn(group), ...readLines(lines.join('\n')) };
}

function readLines(text: string): Lines {
  const lines = text.trimEnd().split('\n');
  const done = /^\s*[*＊﹡∗]\s*done\p{P}*$/iu.test(lines.at(-1)?.slice(0, 20) ?? '');
  return { text: done ? lines.slice(0, -1).join('\n') : text, done };
}

/** What a text to the service number wants done. */
export function routeService(caller: Caller): Effect[] {
  const { errand, device } = caller;
  if (device !== null) return [{ kind: 'confirmDevice' }, ...answer(texts.deviceOn({ device: nameDevice(device) }))];
  switch (errand.kind) {
    case 'join':
      return join(caller, errand);
    case 'groups':
      return answer(texts.myGroups({ groups: caller.groups.map(groupLine) }));
    case 'new':
      return begin(caller, errand);
    case 'done':
    case 'cancel':
    case 'words':
      return goOn(caller, errand);
  }
}

function readJoin(rest: string): Errand {
  const [, code = '', name = ''] = /^(\S+)(?:\s+([\s\S]*))?$/u.exec(rest.trim()) ?? [];
  return { kind: 'join', code: nameIn(code).slice(0, 50), name: nameIn(name) || null };
}

function join({ phone, name: lastName, invited }: Caller, { code, name }: { code: string; name: string | null }) {
  if (code === '') return answer(texts.joinHow());
  if (invited === null) return answer(texts.noSuchCode({ code }));
  const known = findByPhone(invited, phone);
  if (known !== undefined) return answer(texts.alreadyIn({ group: invited.group.name, number: known.number }));
  const bad = name === null ? null : badName(name);
  if (bad !== null) return bad;
  const usual = lastName === null || findByName(invited, lastName) !== undefined ? null : lastName;
  // The welcome is the answer, and comes from the number of the group.
  return [{ kind: 'add' as const, name: name ?? usual, phone, joins: true }];
}

function begin(caller: Caller, { group, ...lines }: Extract<Errand, { kind: 'new' }>): Effect[] {
  const { draft, draftLapsed } = caller;
  if (draft !== null && !draftLapsed)
    return answer(texts.draftOpen({ group: draft.group, members: draft.members.length }));
  if (group === '') return answer(texts.newHow());
  const bad = badName(group);
  if (bad !== null) return bad;
  const fresh = { group, members: [], version: draft?.version ?? 0 };
  if (lines.text.trim() !== '' || lines.done) return grow(caller, fresh, lines);
  return [{ kind: 'saveDraft', draft: fresh }, ...answer(texts.draftBegun({ group }))];
}

function goOn(caller: Caller, errand: Extract<Errand, { kind: 'done' | 'cancel' | 'words' }>): Effect[] {
  const { draft, draftLapsed } = caller;
  if (draft === null) return answer(errand.kind === 'words' ? texts.serviceHelp() : texts.noDraft());
  const { group } = draft;
  if (errand.kind === 'cancel') return [{ kind: 'endDraft' }, ...answer(texts.draftDropped({ group }))];
  if (draftLapsed) return [{ kind: 'endDraft' }, ...answer(texts.draftLapsed({ group }))];
  if (errand.kind === 'done') return stage(caller, draft);
  if (isCommandLike(errand.text)) return answer(texts.draftOpen({ group, members: draft.members.length }));
  return grow(caller, draft, errand);
}

/** Keeps the lines that are right; the others are named, so that nothing is lost, and then it is not done yet. */
function grow(caller: Caller, draft: Draft, { text, done }: Lines): Effect[] {
  const { pairs, wrong } = readPairs(text, caller.phones);
  const members = [...draft.members];
  const added: string[] = [];
  for (const pair of pairs) {
    const why = whyNot(caller, members, pair);
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
  if (done && wrong.length === 0) return [save, ...stage(caller, grown)];
  return [save, ...answer(texts.draftGrows({ group: draft.group, added, wrong, members: members.length }))];
}

/** The next text comes from the new group’s own number, and asks for a YES. */
function stage({ name }: Caller, draft: Draft): Effect[] {
  return [{ kind: 'stageGroup', draft, creatorName: name }, { kind: 'endDraft' }];
}

function whyNot(
  { phone, name: own, maxMembers }: Caller,
  members: readonly MemberInput[],
  pair: MemberInput,
): string | null {
  if (pair.name === null) return words.notAdded.noName;
  if (isCommandLike(pair.name)) return words.notAdded.noName;
  if (codePoints(pair.name) > NAME_LIMIT) return words.notAdded.longName;
  const key = nameKey(pair.name);
  if (pair.phone === phone) return words.notAdded.ownPhone;
  if (members.some((member) => member.phone === pair.phone)) return words.notAdded.samePhone;
  if (members.some(({ name }) => name !== null && nameKey(name) === key)) return words.notAdded.sameName;
  if (own !== null && nameKey(own) === key) return words.notAdded.ownName;
  return members.length + 1 >= maxMembers ? words.notAdded.full : null;
}

function groupLine({ name, number, left }: Caller['groups'][number]): string {
  return `${cleanText(name)} ${number}${left ? ` (${words.left})` : ''}`;
}

function answer(text: string): Effect[] {
  return [{ kind: 'answer', text }];
}
