import type { RequiredData } from './command-context.ts';
import { answer, type Call, type Command } from './commands/command.ts';
import { group } from './commands/group.ts';
import { money } from './commands/money.ts';
import { people } from './commands/people.ts';
import { presence } from './commands/presence.ts';
import { talk } from './commands/talk.ts';
import { nearest } from './distance.ts';
import type { Effect } from './effects.ts';
import { type Denial, denialOf } from './permissions.ts';
import { texts } from './texts.ts';
import type { Membership } from './types.ts';

export type { Command } from './commands/command.ts';

/** Every star command, in the order in which `*help` lists them. */
export const commands: readonly Command[] = [
  {
    word: 'help',
    usage: '*help',
    does: 'lists the commands you can use',
    permission: 'readHelp',
    run: ({ membership }) => answer(texts.help({ group: membership.roster.group.name, lines: helpLines(membership) })),
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

/** Returns what a command does. The answer to an unknown one names the nearest that this member may use. */
export function runCommand({ said, ...call }: Omit<Call, 'rest'>): Effect[] {
  const { word, rest } = readCommand(said.text);
  const { membership } = call;
  const command = find(word);
  if (command === undefined) return suggest(membership, word);
  const { name } = membership.roster.group;
  const denial = denialOf(command.permission, membership);
  if (denial !== null) return answer(denialTexts[denial]({ group: name, word: command.word }));
  return command.run({ ...call, said, rest });
}

/** What a command asks for beyond its group’s roster. */
export function requiredDataOf(text: string): RequiredData | null {
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

function usable(membership: Membership): Command[] {
  return commands.filter(({ permission }) => denialOf(permission, membership) === null);
}

function helpLines(membership: Membership): string[] {
  return usable(membership).map((row) => `${row.usage} ${row.does}`);
}

function suggest(membership: Membership, word: string): Effect[] {
  const like = word === '' ? undefined : nearest(word, usable(membership), (row) => row.word)?.of;
  return answer(texts.unknownCommand({ word: `*${word}`, nearest: (like ?? commands[0])?.usage ?? '' }));
}
