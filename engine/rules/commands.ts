import type { RequiredData } from './command-context.ts';
import { answer, type Call, type Command, type CommandRow, type How } from './commands/command.ts';
import { type CommandWord, commandRows } from './commands/rows.ts';
import { nearest } from './distance.ts';
import type { Effect } from './effects.ts';
import { keywordOf } from './keywords.ts';
import { foldWord, heardFrom, type Language, languages } from './languages/language.ts';
import { speakIn, spokenLanguage } from './languages/speaking.ts';
import { byEveryWord, commandNames } from './languages/vocabulary.ts';
import { nameKey, STARS } from './names.ts';
import { type Denial, denialOf, permissions } from './permissions.ts';
import { foldAccents } from './text.ts';
import { texts } from './texts.ts';
import type { Membership } from './types.ts';

export { type CommandWord, commandTexts } from './commands/rows.ts';

/** With one of the words that there are. */
type KnownCommand = Command<CommandWord>;

const help: KnownCommand = {
  word: 'help',
  alias: ['h', 'commands'],
  also: ['info', 'menu'],
  usage: '*help',
  does: 'lists your commands',
  permission: 'readHelp',
  run: ({ membership, rest }) =>
    answer(texts.help({ group: membership.roster.group.name, lines: helpLines(membership, rest.startsWith('2')) })),
};

/** Every star command by its English word, in the order in which `*help` lists them. */
export const commands: readonly KnownCommand[] = [
  help,
  ...Object.entries<CommandRow>(commandRows).map(([word, row]) => ({ ...row, word: word as CommandWord })),
];

/** True when a text is a command: its first character is `*`, or one of the wider stars that some handsets type. */
export function isCommand(text: string): boolean {
  return firstStar.test(text);
}

const firstStar = new RegExp(`^\\s*[${STARS}]`, 'u');
const starred = new RegExp(`^\\s*[${STARS}]+\\s*(\\S*)\\s*([\\s\\S]*)$`, 'u');

/**
 * What a command does, and in which language it is answered: who uses a word of another language and has chosen none is
 * texted in that from now on. An unknown one answers with the nearest that this member may use.
 */
export function runCommand({ said, ...call }: Omit<Call, 'rest' | 'how' | 'commandWords'>): Effect[] {
  const { word, rest } = readCommand(said.text);
  const { membership } = call;
  const { name: group } = membership.roster.group;
  const found = find(word, membership);
  if (found === null && leaveWords.has(word)) return answer(texts.howToLeave({ group }));
  if (found === null && keywordOf(`${word} ${rest}`, languages) === 'stop') return answer(texts.howToStop({ group }));
  if (found === null) return suggest(membership, word);
  const { command } = found;
  const learnt = membership.member.language === null ? found.language : null;
  const effects = speakIn(learnt ?? spokenLanguage(), () => {
    const how = howOf(command);
    const denial = denialOf(command.permission, membership);
    if (denial !== null) return answer(denialTexts[denial]({ group, word: nameOf(command) }));
    return command.run({ ...call, said, rest, how, commandWords });
  });
  return learnt === null ? effects : [{ kind: 'learnLanguage', language: learnt }, ...effects];
}

/** What people type for `*bye`. Some are words for STOP, but behind a star the group is meant. */
const leaveWords: ReadonlySet<string> = new Set(['exit', 'leave', 'quit', 'end', 'cancel', 'part', 'goodbye']);

/** Every word that a command has in English, or that is taken for one, and those that the help shows in other languages. */
export const commandWords: ReadonlySet<string> = new Set(
  [
    ...leaveWords,
    ...commands.flatMap(({ word, alias = [], also = [] }) => [word, ...alias, ...also]),
    ...Object.values(commandNames).flatMap((names) => Object.values(names).map(({ words: [shown = ''] }) => shown)),
  ].map(nameKey),
);

/** What a member’s command asks for beyond its group’s roster. */
export function requiredDataOf(text: string, membership: Membership): RequiredData | null {
  return isCommand(text) ? (find(readCommand(text).word, membership)?.command.needs ?? null) : null;
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

/**
 * The command of a word: one that means several in several languages means that of the member’s, then that of the group’s,
 * then the English one. `language` is the one that the word tells: null where it is English too, or of several.
 */
function find(
  word: string,
  { roster, member }: Membership,
): { command: KnownCommand; language: Language | null } | null {
  const typed = foldWord(word);
  const order = new Set([...heardFrom({ own: member.language, group: roster.group.language }), ...languages]);
  for (const language of order) {
    const command = commands.find((row) => row.word === byWord[language].get(typed));
    if (command === undefined) continue;
    const others = languages.filter((one) => one !== language && byWord[one].has(typed));
    const isTold = language !== 'en' && others.length === 0 && !synonyms.has(typed);
    return { command, language: isTold ? language : null };
  }
  return null;
}

const byWord: Readonly<Record<Language, ReadonlyMap<string, CommandWord>>> = {
  en: new Map(commands.flatMap(({ word, alias = [] }) => [word, ...alias].map((one) => [one, word] as const))),
  es: byEveryWord(commandNames.es),
  fr: byEveryWord(commandNames.fr),
};
const synonyms: ReadonlySet<string> = new Set(commands.flatMap(({ also = [] }) => also));

/** How a command is used, in the language that is spoken and as it is sent: one ç would make a whole help cost double. */
function howOf({ word, usage, does }: KnownCommand): How {
  const language = spokenLanguage();
  const how = language === 'en' ? { usage, does } : commandNames[language][word];
  return { usage: foldAccents(how.usage), does: foldAccents(how.does) };
}

/** Its word as the help shows it. */
function nameOf(command: KnownCommand): string {
  return /^\*(\S+)/.exec(howOf(command).usage)?.[1] ?? command.word;
}

const denialTexts: Record<Denial, (put: { group: string; word: string }) => string> = {
  LEFT: texts.comeBackFirst,
  NOT_OWNER: texts.ownerOnly,
  DISABLED_ADD: texts.addIsOff,
  DISABLED_WHO: texts.whoIsOff,
};

function usable(membership: Membership): KnownCommand[] {
  return commands.filter(({ permission }) => denialOf(permission, membership) === null);
}

/** Owners have so many commands that theirs are a text of their own. */
function helpLines(membership: Membership, ofOwners: boolean): string[] {
  const listed = usable(membership).filter(({ isAnswer }) => !isAnswer);
  const [theirs, others] = [listed.filter(isOwners), listed.filter((row) => !isOwners(row))];
  const shown = ofOwners && theirs.length > 0 ? theirs : others;
  const lines = shown.map((row) => howOf(row)).map(({ usage, does }) => `${usage} ${does}`);
  return shown === others && theirs.length > 0 ? [...lines, texts.helpOfOwners()] : lines;
}

function isOwners({ permission }: KnownCommand): boolean {
  const { who } = permissions[permission];
  return who === 'owner' || who === 'owners';
}

function suggest(membership: Membership, word: string): Effect[] {
  const open = usable(membership);
  const meant = open.find((row) => row.also?.includes(word));
  const like = meant ?? (word === '' ? undefined : nearest(foldWord(word), open, (row) => foldWord(nameOf(row)))?.of);
  const { usage } = howOf(like ?? help);
  return answer(texts.unknownCommand({ word: `*${word}`, nearest: usage }));
}
