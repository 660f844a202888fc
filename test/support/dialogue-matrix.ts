import { commands } from '../../engine/rules/commands.ts';
import type { Dialogue, GroupKind, Step } from './dialogues.ts';

const ROLES = ['owner', 'member', 'left', 'blocked', 'stranger'] as const;
const KINDS = ['normal', 'replies to the owner', 'suspended', 'staged', 'deleted'] as const;
type Role = (typeof ROLES)[number];
type Kind = (typeof KINDS)[number];

/** The cells of "every command by everybody in every kind of group" that no dialogue shows, by name. */
export function missingCells(dialogues: readonly Dialogue[]): string[] {
  const shown = new Set(dialogues.flatMap(cellsOf));
  return everyCell().filter((cell) => !shown.has(cell));
}

function everyCell(): string[] {
  return commands.flatMap(({ word }) =>
    KINDS.flatMap((kind) => ROLES.filter((role) => canBe(role, kind)).map((role) => cell(word, role, kind))),
  );
}

/** Nobody can leave a group that is not on yet. */
function canBe(role: Role, kind: Kind): boolean {
  return !(role === 'left' && kind === 'staged');
}

function cell(word: string, role: Role, kind: Kind): string {
  return `*${word} by ${role} (${kind})`;
}

type Place = { kind: Kind; owner: string; people: Set<string>; left: Set<string> };

/** Follows who is what in a dialogue, as its reader does. */
function cellsOf(dialogue: Dialogue): string[] {
  const places = new Map<string, Place>();
  const blocked = new Set<string>();
  const cells: string[] = [];
  for (const step of dialogue.steps) {
    if (step.kind === 'group') places.set(step.name, placeOf(step));
    if (step.kind !== 'text') continue;
    const { who, text } = step;
    const place = places.get(step.to);
    const [, typed = '', rest = ''] = /^[*＊]\s*(\p{L}+)\s*(.*)$/su.exec(text) ?? [];
    const word = typed.toLowerCase();
    if (place !== undefined) cells.push(cell(word, roleOf(who, place, blocked), place.kind));
    if (text === 'STOP') blocked.add(who);
    if (text === 'START') blocked.delete(who);
    if (place !== undefined && place.kind !== 'staged') move(place, { who, word, rest });
  }
  return cells;
}

function placeOf({ as, people }: Extract<Step, { kind: 'group' }>): Place {
  const kind = KINDS.find((one) => as.includes(one as GroupKind)) ?? 'normal';
  return { kind, owner: people[0] ?? '', people: new Set(people), left: new Set() };
}

function roleOf(who: string, { owner, people, left }: Place, blocked: ReadonlySet<string>): Role {
  if (blocked.has(who)) return 'blocked';
  if (!people.has(who)) return 'stranger';
  if (left.has(who)) return 'left';
  return who === owner ? 'owner' : 'member';
}

function move(place: Place, { who, word, rest }: { who: string; word: string; rest: string }): void {
  const isOwner = who === place.owner;
  if (word === 'bye') place.left.add(who);
  if (word === 'hi') place.left.delete(who);
  if (word === 'add') for (const [, added = ''] of rest.matchAll(/\{(\w+)\}/g)) place.people.add(added);
  if (word === 'remove' && isOwner) place.people.delete(rest);
  if (word === 'delete' && isOwner) place.kind = 'deleted';
}
