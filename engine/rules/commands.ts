import { answer, type Call, type Command } from './commands/command.ts';
import { group } from './commands/group.ts';
import { money } from './commands/money.ts';
import { people } from './commands/people.ts';
import { presence } from './commands/presence.ts';
import { talk } from './commands/talk.ts';
import { nearest } from './distance.ts';
import type { Effect } from './effects.ts';
import type { Need } from './facts.ts';
import { type Denial, denialOf } from './permissions.ts';
import { texts } from './texts.ts';
import type { Standing } from './types.ts';

export type { Command } from './commands/command.ts';

/** Every star command, in the order in which `*help` lists them. */
export const commands: readonly Command[] = [
  {
    word: 'help',
    usage: '*help',
    does: 'lists the commands you can use',
    permission: 'readHelp',
    run: ({ standing }) => answer(texts.help({ group: standing.roster.group.name, lines: helpLines(standing) })),
  },
  ...people,
  ...presence,
  ...talk,
  ...group,
  ...money,
];

/** True when a text is a command: its first character is `*`, or one of the wider stars that some handsets type. */
export function isCommand(text: string): boolean {
  return /^\s*[*＊﹡∗]/u.test(text);
}

/** What a command does. An unknown one answers with the nearest that this member may use. */
export function runCommand({ said, ...call }: Omit<Call, 'rest'>): Effect[] {
  const { word, rest } = readCommand(said.text);
  const { standing } = call;
  const command = find(word);
  if (command === undefined) return suggest(standing, word);
  const { name } = standing.roster.group;
  const denial = denialOf(command.permission, standing);
  if (denial !== null) return answer(denialTexts[denial]({ group: name, word: command.word }));
  return command.run({ ...call, said, rest });
}

/** What a command asks for beyond its group’s roster. */
export function needOf(text: string): Need | null {
  return isCommand(text) ? (find(readCommand(text).word)?.needs ?? null) : null;
}

/** Punctuation around a command’s word is a slip: `*who?`, `*Add: Bob …`. */
function readCommand(text: string): { word: string; rest: string } {
  const [, word = '', rest = ''] = /^\s*[*＊﹡∗]+\s*(\S*)\s*([\s\S]*)$/u.exec(text) ?? [];
  return {
    word: word
      .slice(0, LONGEST_WORD)
      .normalize('NFKC')
      .toLowerCase()
      .replace(/\p{P}+$/u, ''),
    rest: rest.trim(),
  };
}
/** Longer than any command; what is longer is like none. */
const LONGEST_WORD = 20;

function find(word: string): Command | undefined {
  return commands.find((row) => row.word === word);
}

const denialTexts: Record<Denial, (put: { group: string; word: string }) => string> = {
  LEFT: texts.comeBackFirst,
  NOT_OWNER: texts.ownerOnly,
  DISABLED_ADD: texts.addIsOff,
  DISABLED_WHO: texts.whoIsOff,
};

function usable(standing: Standing): Command[] {
  return commands.filter(({ permission }) => denialOf(permission, standing) === null);
}

function helpLines(standing: Standing): string[] {
  return usable(standing).map((row) => `${row.usage} ${row.does}`);
}

function suggest(standing: Standing, word: string): Effect[] {
  const like = word === '' ? undefined : nearest(word, usable(standing), (row) => row.word)?.of;
  return answer(texts.unknownCommand({ word: `*${word}`, nearest: (like ?? commands[0])?.usage ?? '' }));
}
