import type { Draft, Effect } from '../../effects.ts';
import type { Language } from '../../languages/language.ts';
import { STARS } from '../../names.ts';
import type { PhoneSettings } from '../../phone.ts';
import type { Question, Reply } from '../../questions.ts';
import type { Roster } from '../../types.ts';

/** A command to the service number: a row gives its words, its help line, what it reads, what it needs and what it does. */
export type ServiceCommand = Row & {
  /** `text` is the whole text, `rest` what follows the command's word. */
  read(text: { text: string; rest: string; language?: Language | null }): ServiceText;
};

/** By which the rows are known in languages/; `lines` is what has no word. */
export type ServiceWord =
  | 'join'
  | 'new'
  | 'lines'
  | 'done'
  | 'cancel'
  | 'groups'
  | 'language'
  | 'pin'
  | 'logout'
  | 'help';

/** A text to the service number as it was read. */
export type ServiceText = {
  /** The usage of its row, which names it. */
  usage: string;
  /** The language that its word tells; null where it is English too, or of several. */
  language: Language | null;
  args: object;
  needs: ServiceNeed;
  run(context: ServiceContext): Effect[];
};

/** What is looked up before it is decided; nothing else of the context is. */
export type ServiceNeed = { kind: 'none' } | { kind: 'draft' } | { kind: 'groups' } | { kind: 'invited'; code: string };

/** Who texts the service number, and what was looked up for their text. */
export type ServiceContext = {
  phone: string;
  /** The one they chose, or that their words were in. */
  language: string | null;
  /** The name they used last. */
  name: string | null;
  phones: PhoneSettings;
  maxMembers: number;
  /** The group of the code that they named. */
  invited: Roster | null;
  draft: Draft | null;
  /** Nothing was heard of the draft for too long. */
  draftLapsed: boolean;
  /** What this text answers to questions of ours, and those that wait where it does. */
  reply: Reply | null;
  questions: readonly Question[];
  /** Asks who we are: somebody whom we have asked into a group may mean that. */
  wonders: boolean;
  groups: readonly { name: string; number: string; left: boolean }[];
};

type Row = {
  name: ServiceWord;
  /** In lower case; none for the two rows that take what is no command. */
  words: readonly string[];
  /** Also read without its star; by a function, where what follows the word tells that it is meant. */
  starless?: true | ((rest: string) => boolean);
  usage: string;
  does: string;
  /** Makes sense while a group is being made; the help leaves it out. */
  whileDrafting?: true;
  /** There is no room for it in the help. */
  isUnlisted?: true;
};

/** Ties what a row reads to what it does with it. */
export function serviceCommand<Args extends object>({
  read,
  needs,
  run,
  ...row
}: Row & {
  read: (text: { text: string; rest: string }) => Args;
  needs: (args: Args) => ServiceNeed;
  run: (context: ServiceContext, args: Args) => Effect[];
}): ServiceCommand {
  return {
    ...row,
    read({ language = null, ...text }) {
      const args = read(text);
      return { usage: row.usage, language, args, needs: needs(args), run: (context) => run(context, args) };
    },
  };
}

/** The word at the head of a text, in lower case and without punctuation after it; empty where there is none. */
export function readWord(text: string): { starred: boolean; word: string; rest: string } {
  const [, stars = '', word = '', rest = ''] = firstWord.exec(text.slice(0, LONGEST)) ?? [];
  const starred = stars !== '' || firstStar.test(text);
  return { starred, word: word.normalize('NFKC').toLowerCase(), rest };
}
/** As much as is read of a text with lines for a group. */
const LONGEST = 5_000;
/** Quotes may stand around a whole text that somebody copied. */
const dress = String.raw`^[\s"'\p{Pi}\p{Pf}\p{Ps}]*`;
const firstStar = new RegExp(`${dress}[${STARS}]`, 'u');
const firstWord = new RegExp(String.raw`${dress}([${STARS}]*)\s*(\p{L}{1,20})\p{P}*(?:\s+([\s\S]*))?$`, 'u');
