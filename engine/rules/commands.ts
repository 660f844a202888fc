import type { RequiredData } from './command-context.ts';
import { approvals, approvalTexts } from './commands/approvals.ts';
import { batches, batchesTexts } from './commands/batches.ts';
import { catchUp, pinTexts } from './commands/catch-up.ts';
import { answer, type Call, type Command, type CommandRow, type CommandRows } from './commands/command.ts';
import { forward, forwardTexts } from './commands/forward.ts';
import { group, groupTexts } from './commands/group.ts';
import { hours, hoursTexts } from './commands/hours.ts';
import { lists, listTexts } from './commands/lists.ts';
import { money, moneyTexts } from './commands/money.ts';
import { owners, ownersTexts } from './commands/owners.ts';
import { people, peopleTexts } from './commands/people.ts';
import { polls, pollTexts } from './commands/polls.ts';
import { presence, presenceTexts } from './commands/presence.ts';
import { schedule, scheduleTexts } from './commands/schedule.ts';
import { talk, talkTexts } from './commands/talk.ts';
import { who, whoTexts } from './commands/who.ts';
import { nearest } from './distance.ts';
import type { Effect } from './effects.ts';
import type { CommandOf } from './fields.ts';
import type { groupFields } from './group-fields.ts';
import { keywordOf } from './keywords.ts';
import type { memberFields } from './member-fields.ts';
import { nameKey, STARS } from './names.ts';
import { type Denial, denialOf } from './permissions.ts';
import { texts } from './texts.ts';
import type { Membership } from './types.ts';

export type { Command } from './commands/command.ts';

/** By word. A field that names a command which has no row here is a type error. */
const rows = {
  help: {
    also: ['info', 'menu', 'commands', 'h'],
    usage: '*help',
    does: 'lists your commands',
    permission: 'readHelp',
    run: ({ membership }) => answer(texts.help({ group: membership.roster.group.name, lines: helpLines(membership) })),
  },
  ...who,
  ...people,
  ...presence,
  ...batches,
  ...talk,
  ...polls,
  ...catchUp,
  ...schedule,
  ...hours,
  ...approvals,
  ...lists,
  ...forward,
  ...group,
  ...owners,
  ...money,
} satisfies CommandRows & Record<CommandOf<typeof groupFields> | CommandOf<typeof memberFields>, CommandRow>;

export type CommandWord = keyof typeof rows;

/** Every star command, in the order in which `*help` lists them. */
export const commands: readonly Command[] = Object.entries<CommandRow>(rows).map(([word, row]) => ({ word, ...row }));

/** What commands alone say. */
export const commandTexts = {
  ...whoTexts,
  ...peopleTexts,
  ...presenceTexts,
  ...batchesTexts,
  ...talkTexts,
  ...pollTexts,
  ...pinTexts,
  ...scheduleTexts,
  ...hoursTexts,
  ...approvalTexts,
  ...listTexts,
  ...forwardTexts,
  ...groupTexts,
  ...ownersTexts,
  ...moneyTexts,
};

/** True when a text is a command: its first character is `*`, or one of the wider stars that some handsets type. */
export function isCommand(text: string): boolean {
  return firstStar.test(text);
}

const firstStar = new RegExp(`^\\s*[${STARS}]`, 'u');
const starred = new RegExp(`^\\s*[${STARS}]+\\s*(\\S*)\\s*([\\s\\S]*)$`, 'u');

/** What a command does. An unknown one answers with the nearest that this member may use. */
export function runCommand({ said, ...call }: Omit<Call, 'rest' | 'commandWords'>): Effect[] {
  const { word, rest } = readCommand(said.text);
  const { membership } = call;
  const command = find(word);
  const { name: group } = membership.roster.group;
  if (leaveWords.has(word)) return answer(texts.howToLeave({ group }));
  if (command === undefined && keywordOf(`${word} ${rest}`) === 'stop') return answer(texts.howToStop({ group }));
  if (command === undefined) return suggest(membership, word);
  const denial = denialOf(command.permission, membership);
  if (denial !== null) return answer(denialTexts[denial]({ group, word: command.word }));
  return command.run({ ...call, said, rest, commandWords });
}

/** What people type for `*bye`. Some are words for STOP, but behind a star the group is meant. */
const leaveWords: ReadonlySet<string> = new Set(['exit', 'leave', 'quit', 'end', 'cancel', 'part', 'goodbye']);

/** Every word that a command has, or that is taken for one. */
export const commandWords: ReadonlySet<string> = new Set(
  [...leaveWords, ...commands.flatMap(({ word, also = [] }) => [word, ...also])].map(nameKey),
);

/** What a command asks for beyond its group’s roster. */
export function requiredDataOf(text: string): RequiredData | null {
  return isCommand(text) ? (find(readCommand(text).word)?.needs ?? null) : null;
}

/** Punctuation around a command’s word is a slip: `*who?`, `*Add: Bob …`. */
function readCommand(text: string): { word: string; rest: string } {
  const [, word = '', rest = ''] = starred.exec(text) ?? [];
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
  return usable(membership)
    .filter(({ isAnswer }) => !isAnswer)
    .map((row) => `${row.usage} ${row.does}`);
}

function suggest(membership: Membership, word: string): Effect[] {
  const open = usable(membership);
  const meant = open.find((row) => row.also?.includes(word));
  const like = meant ?? (word === '' ? undefined : nearest(word, open, (row) => row.word)?.of);
  return answer(texts.unknownCommand({ word: `*${word}`, nearest: (like ?? commands[0])?.usage ?? '' }));
}
