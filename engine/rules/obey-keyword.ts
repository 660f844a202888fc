import type { Effect } from './effects.ts';
import { type Keyword, keywordOf } from './keywords.ts';
import { type Chosen, heardFrom } from './languages/language.ts';
import { type Brand, texts } from './texts.ts';
import type { Said } from './types.ts';

/** What decides whether a text is a keyword, and what is answered to it. */
export type KeywordScene = {
  said: Said;
  /** The phone is blocked by a STOP, for all numbers of ours. */
  blocked: boolean;
  /** The carrier holds a block of its own, of texts from the number that the phone has texted. */
  blockedByCarrier: boolean;
  /** Other numbers of ours that serve the phone and whose texts the carrier blocks, whatever it makes of this text. */
  stillBlocked: readonly string[];
  /** What the carrier took the text for. It has answered an `optout` and a `help`, and an `optin` where it held a block. */
  intent: 'optout' | 'optin' | 'help' | null;
  brand: Brand;
  /** What they and the group that they text speak: keywords of these count besides the English ones. */
  chosen: Chosen;
};

/** The text may end a block: it is START to the carrier or to us. Whether there is a block is another question. */
export function mayStart(text: string, { intent, chosen }: Pick<KeywordScene, 'intent' | 'chosen'>): boolean {
  return intent === 'optin' || (intent === null && keywordOf(text, heardFrom(chosen)) === 'start');
}

/**
 * START is a keyword only from a phone that is blocked here: from any other it is a word. The carrier marks YES and GO as
 * `optin` from any phone, so from a phone that is not blocked the mark is ignored.
 */
export function keywordIn({ said, blocked, blockedByCarrier, intent, chosen }: KeywordScene): Keyword | null {
  const isBlocked = blocked || blockedByCarrier;
  if (intent !== null && (intent !== 'optin' || isBlocked)) return INTENTS[intent];
  const keyword = keywordOf(said.text, heardFrom(chosen));
  return keyword === 'start' && !isBlocked ? null : keyword;
}

const INTENTS: Record<NonNullable<KeywordScene['intent']>, Keyword> = { optout: 'stop', optin: 'start', help: 'help' };

/**
 * Nobody hears twice of one keyword, and nobody hears nothing: the carrier answers what it takes for a keyword itself,
 * but confirms an opt-in only where it held a block of its own. That block outlasts a START that it does not know, such
 * as "resume.", and would refuse all that follows; so the phone stays blocked. Nor does a START end the carrier's block
 * of another number: the phone is told where to text START for that one.
 */
export function obeyKeyword(scene: KeywordScene, keyword: Keyword): Effect[] {
  const { blocked, blockedByCarrier, stillBlocked, intent, brand } = scene;
  const byCarrier = intent !== null;
  const answer = (text: string, ignoreOptOut = false): Effect[] =>
    byCarrier ? [] : [{ kind: 'answer', text, ignoreOptOut }];
  if (keyword === 'stop') {
    if (blocked) return byCarrier && !blockedByCarrier ? [{ kind: 'blockByCarrier' }] : [];
    return [{ kind: 'block', byCarrier }, ...answer(texts.stopped({ brand }), true)];
  }
  if (keyword === 'help') return blocked || blockedByCarrier ? [] : answer(texts.about({ brand }));
  if (blockedByCarrier && !byCarrier) return [];
  const unblock: Effect = { kind: 'unblock', byCarrier };
  if (stillBlocked.length > 0)
    return [unblock, { kind: 'answer', text: texts.startedHere({ brand, numbers: stillBlocked }) }];
  return blockedByCarrier ? [unblock] : [unblock, { kind: 'answer', text: texts.started({ brand }) }];
}
