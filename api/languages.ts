import { readLanguages } from '../db/people/people.ts';
import type { DomainError } from '../engine/platform/errors.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { withTimeLimit } from '../engine/platform/time-limit.ts';
import { type Language, languages } from '../engine/rules/languages/language.ts';
import type { RequestContext } from './step.ts';

/**
 * Notes in which language the caller is told of an error: in that of the person whose session or key it is. A phone that a call
 * merely names says nothing, for who does not own it would learn of it. Leaves it open where MySQL does not answer soon.
 */
export async function learnLanguage(
  { db, log }: Pick<Runtime, 'db' | 'log'>,
  state: RequestContext['state'],
  { token }: DomainError,
): Promise<void> {
  const { personId } = state;
  if (personId === undefined || token === 'UNAVAILABLE') return;
  const found = readLanguages(db, [personId]).catch((error: unknown) => {
    log.warn({ reason: String(error) }, 'an error was described without the language of its caller');
    return null;
  });
  const chosen = (await withTimeLimit(FIND_MS, found, () => null))?.get(personId);
  const language = languages.find((one) => one === chosen);
  if (language !== undefined) state.language = language;
}

const FIND_MS = 500;

/**
 * The first of our languages that an `Accept-Language` names, the one of the highest weight; English where it names none, or is
 * longer than any browser writes it.
 */
export function acceptedLanguage(header: string | undefined): Language {
  if (header === undefined || header.length > LONGEST) return 'en';
  const wanted = header.split(',').flatMap((one) => {
    const [, tag = '', weight = '1'] =
      /^\s*([a-z]{2}|\*)(?:-[a-z\d-]+)?\s*(?:;\s*q=([\d.]{1,5})\s*)?$/i.exec(one) ?? [];
    const language = tag === '*' ? 'en' : languages.find((known) => known === tag.toLowerCase());
    return language === undefined || !(Number(weight) > 0) ? [] : [{ language, weight: Number(weight) }];
  });
  return wanted.toSorted((one, other) => other.weight - one.weight)[0]?.language ?? 'en';
}

const LONGEST = 200;
