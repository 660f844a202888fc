import type { CommandWord } from '../commands/rows.ts';
import type { ServiceWord } from '../commands/service/command.ts';
import type { ErrorToken } from '../error-catalogue.ts';
import { callErrors as spanishCalls } from './es/call-errors.ts';
import { commands as spanish, serviceCommands as spanishService } from './es/commands.ts';
import { errors as spanishErrors } from './es/errors.ts';
import { callErrors as frenchCalls } from './fr/call-errors.ts';
import { commands as french, serviceCommands as frenchService } from './fr/commands.ts';
import { errors as frenchErrors } from './fr/errors.ts';
import { foldWord, type OtherLanguage } from './language.ts';
import type { CommandNames } from './translated.ts';

type CommandName = CommandNames[string];

type In<Names> = Readonly<Record<OtherLanguage, Names>>;

/** What commands are called in the other languages, by their English words. */
export const commandNames: In<Readonly<Record<CommandWord, CommandName>>> = { es: spanish, fr: french };
export const serviceNames: In<Readonly<Record<ServiceWord, CommandName>>> = {
  es: spanishService,
  fr: frenchService,
};

/** What errors say in the other languages. */
export const errorSentences: In<Readonly<Record<ErrorToken, string>>> = { es: spanishErrors, fr: frenchErrors };

/** What single calls of the API say of an error in place of that, by the English sentence of the call. */
export const callSentences: In<Readonly<Record<string, string>>> = { es: spanishCalls, fr: frenchCalls };

/** The commands by every word that there is for them, as `foldWord` has it. */
export function byEveryWord<Word extends string>(
  names: Readonly<Record<Word, { words: readonly string[] }>>,
): ReadonlyMap<string, Word> {
  const rows = Object.entries(names) as [Word, { words: readonly string[] }][];
  return new Map(rows.flatMap(([command, { words }]) => words.map((word) => [foldWord(word), command] as const)));
}
