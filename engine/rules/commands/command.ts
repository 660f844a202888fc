import type { CommandContext, RequiredData } from '../command-context.ts';
import type { Effect } from '../effects.ts';
import type { Permission } from '../permissions.ts';
import { texts } from '../texts.ts';
import type { Member, Membership, Said } from '../types.ts';

/** A star command: a row gives its help line, the permission that says who may use it, and what it does. */
export type Command<Word extends string = string> = {
  word: Word;
  /** Further words for it. */
  alias?: readonly string[];
  /** Other words that people type for it: they are told this one. */
  also?: readonly string[];
  usage: string;
  does: string;
  /** It answers a text of ours that names it: the help leaves it out. */
  isAnswer?: true;
  /** Says who may use it, as of a call that does the same. */
  permission: Permission;
  needs?: RequiredData;
  run: (call: Call) => Effect[];
};

/** Commands by their words. */
export type CommandRow = Omit<Command, 'word'>;
export type CommandRows = Readonly<Record<string, CommandRow>>;

/** One use of a command: `rest` is what follows its word. */
export type Call = {
  membership: Membership;
  rest: string;
  said: Said;
  suspended: boolean;
  context: CommandContext;
  how: How;
  /** Every word that a command has, or that is taken for one. */
  commandWords: ReadonlySet<string>;
};

/** How a command is used, in the language that is spoken. */
export type How = Pick<Command, 'usage' | 'does'>;

export function answer(text: string): Effect[] {
  return [{ kind: 'answer', text }];
}

/** How a member is named in our texts. */
export function callBy(member: Pick<Member, 'name' | 'phone'>): string {
  return member.name ?? member.phone;
}

/** How it is used; what was typed could not be read. */
export function explain({ usage, does }: How): Effect[] {
  return answer(texts.usage({ usage, does }));
}
