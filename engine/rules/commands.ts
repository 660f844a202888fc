import type { Effect } from './effects.ts';
import { texts } from './texts.ts';
import type { Member, Standing } from './types.ts';

/** A star command: a row of the table below gives its help line, who may use it and what it does. */
export type Command = {
  word: string;
  usage: string;
  does: string;
  mayUse: (standing: Standing) => boolean;
  /** Answered when it is not for this member. */
  refuse?: (standing: Standing) => Effect[];
  run: (standing: Standing, rest: string) => Effect[];
};

const everybody = () => true;

export const commands: readonly Command[] = [
  {
    word: 'help',
    usage: '*help',
    does: 'lists the commands you can use',
    mayUse: everybody,
    run: (standing) => answer(texts.help({ group: standing.roster.group.name, lines: helpLines(standing) })),
  },
  {
    word: 'who',
    usage: '*who',
    does: 'lists the members',
    mayUse: ({ roster, member }) => member.owner || !roster.group.disableWho,
    refuse: ({ roster }) => answer(texts.whoIsOff({ group: roster.group.name })),
    run: ({ roster }) => answer(texts.who({ group: roster.group.name, lines: roster.members.map(whoLine) })),
  },
  {
    word: 'bye',
    usage: '*bye',
    does: 'leaves the group',
    mayUse: everybody,
    run: ({ roster, member }) =>
      member.left
        ? answer(texts.alreadyLeft({ group: roster.group.name }))
        : [{ kind: 'leave' }, ...answer(texts.left({ group: roster.group.name }))],
  },
  {
    word: 'hi',
    usage: '*hi',
    does: 'comes back to the group',
    mayUse: everybody,
    run: ({ roster, member }) =>
      member.left
        ? [{ kind: 'return' }, ...answer(texts.back({ group: roster.group.name }))]
        : answer(texts.alreadyHere({ group: roster.group.name })),
  },
];

/** True when a text is a command: its first character is `*` (or the full-width one that some handsets type). */
export function isCommand(text: string): boolean {
  return /^\s*[*＊]/u.test(text);
}

/** What a command does. An unknown one answers with the nearest that this member may use. */
export function runCommand(standing: Standing, text: string): Effect[] {
  const [, word = '', rest = ''] = /^\s*[*＊]\s*(\S*)\s*([\s\S]*)$/u.exec(text) ?? [];
  const command = commands.find((row) => row.word === word.toLowerCase());
  if (command === undefined) return suggest(standing, word);
  if (!command.mayUse(standing)) return command.refuse?.(standing) ?? suggest(standing, word);
  return command.run(standing, rest.trim());
}

/** How a member is named in our texts. */
export function callBy(member: Pick<Member, 'name' | 'phone'>): string {
  return member.name ?? member.phone;
}

function answer(text: string): Effect[] {
  return [{ kind: 'answer', text }];
}

function helpLines(standing: Standing): string[] {
  return commands.filter((row) => row.mayUse(standing)).map((row) => `${row.usage} ${row.does}`);
}

function whoLine(member: Member): string {
  const marks = [member.owner ? 'owner' : '', member.left ? 'left' : ''].filter((mark) => mark !== '');
  return marks.length === 0 ? callBy(member) : `${callBy(member)} (${marks.join(', ')})`;
}

function suggest(standing: Standing, word: string): Effect[] {
  const nearest = commands
    .filter((row) => row.mayUse(standing))
    .map((row) => ({ row, distance: editDistance(word.toLowerCase().slice(0, 20), row.word) }))
    .reduce((best, next) => (next.distance < best.distance ? next : best)).row;
  return answer(texts.unknownCommand({ word: `*${word.slice(0, 20)}`, nearest: nearest.usage }));
}

/** Insertions, deletions and changes that turn one word into the other. */
export function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const now = [line];
    for (let column = 1; column <= to.length; column++) {
      const change = (above[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1);
      now.push(Math.min(change, (above[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1));
    }
    above = now;
  }
  return above[to.length] ?? 0;
}
