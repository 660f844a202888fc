import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { sayError } from '../rules/errors.ts';
import { speakIn } from '../rules/languages/index.ts';
import type { Language } from '../rules/languages/language.ts';
import { texts } from '../rules/texts.ts';
import type { Act, Performed } from './act.ts';
import { perform } from './perform.ts';

/**
 * As `perform`, for a caller who gets errors by text, in that language: a domain error is answered with the catalogue’s
 * sentence, and `changed` is false.
 */
export async function performOrAnswer(
  runtime: Runtime,
  language: Language,
  act: Act,
): Promise<{ performed: Performed; changed: boolean }> {
  try {
    return { performed: await perform(runtime, act), changed: true };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const learnt = act.effects.find((effect) => effect.kind === 'learnLanguage');
    const text = speakIn(learnt?.language ?? language, () => sayWhy(error, act));
    const performed = await perform(runtime, { ...act, effects: [{ kind: 'answer', text }] });
    return { performed, changed: false };
  }
}

function sayWhy({ token, subtype }: DomainError, { roster, effects }: Act): string {
  // While MySQL is up, only a number of ours can be missing.
  if (token === 'UNAVAILABLE' && roster !== null && effects.some(({ kind }) => kind === 'activate'))
    return texts.noNumberYet({ group: roster.group.name });
  if (token === 'UNAVAILABLE') return texts.noNumberFree();
  return texts.refused({ about: typeof subtype === 'string' ? subtype : null, says: sayError(token) });
}
