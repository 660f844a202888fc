import { type DeviceType, nameDevice } from './devices.ts';
import { isNo, isYes } from './keywords.ts';
import { languages } from './languages/language.ts';
import { words } from './words.ts';

/** Something that we have asked a phone from the service number and that waits for its YES. */
export type Question =
  | { kind: 'device'; id: number; code: string; type: DeviceType }
  /** To join a group, by a name. */
  | { kind: 'invitation'; groupId: number; code: string; group: string; name: string | null; asked: string };

/** What a text answers to our questions; with a code, to that one alone. */
export type Reply = { yes: boolean; code: string | null };

/**
 * YES or NO in any language, with or without the code of a question; null for any other text. Nobody but we reads what comes
 * to the service number, so a "sí" answers an English question too.
 */
export function readReply(text: string): Reply | null {
  const code = text.length > LONGEST ? null : (/(?:^|\D)(\d{4})(?!\d)/.exec(text.normalize('NFKC'))?.[1] ?? null);
  const word = code === null ? text : text.normalize('NFKC').replace(code, '');
  if (isYes(word, languages)) return { yes: true, code };
  return isNo(word, languages) ? { yes: false, code } : null;
}
/** A word, a code, and what a keyboard puts around them. */
const LONGEST = 40;

/** The question that a reply answers. Of several that wait, none without its code. */
export function pickQuestion(waiting: readonly Question[], { code }: Reply): Question | null {
  if (code !== null) return waiting.find((question) => question.code === code) ?? null;
  return waiting.length === 1 ? (waiting[0] ?? null) : null;
}

/** How a question is told from others. */
export function nameQuestion(question: Question): string {
  return question.kind === 'device' ? words().theAppOn(nameDevice(question.type)) : `"${question.group}"`;
}
