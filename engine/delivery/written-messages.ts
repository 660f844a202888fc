import type { Tx } from '../../db/connect.ts';
import { readGroupLanguages } from '../../db/groups/groups.ts';
import { readLanguages } from '../../db/people/people.ts';
import { type Language, languageOf, languages, speakIn } from '../rules/languages/index.ts';
import type { SystemMessage, WrittenMessage } from './system-message.ts';

/**
 * Texts of ours as they go out: each in the language of whom it goes to, by their own choice, else that of the group. One to
 * people of several languages becomes one for each. Texts that are written already ask nothing.
 */
export async function writeInLanguages(tx: Tx, messages: readonly SystemMessage[]): Promise<WrittenMessage[]> {
  const open = messages.filter(({ text, asks }) => typeof text !== 'string' || typeof asks?.wording === 'function');
  const own = await readLanguages(tx, [...new Set(open.flatMap(({ to }) => to.map(({ personId }) => personId)))]);
  const followers = open.filter(({ to }) => to.some(({ personId }) => own.get(personId) == null));
  const groups = await readGroupLanguages(tx, [
    ...new Set(followers.flatMap(({ groupId }) => (groupId === null ? [] : [groupId]))),
  ]);
  return messages.flatMap((message) => {
    if (!open.includes(message)) return [writeIn('en', message)];
    const group = message.groupId === null ? null : (groups.get(message.groupId) ?? null);
    const spokenBy = new Map<Language, SystemMessage['to'][number][]>(languages.map((language) => [language, []]));
    for (const one of message.to) spokenBy.get(languageOf({ own: own.get(one.personId) ?? null, group }))?.push(one);
    return [...spokenBy].flatMap(([language, to]) => (to.length === 0 ? [] : [writeIn(language, { ...message, to })]));
  });
}

function writeIn(language: Language, { text, asks, ...message }: SystemMessage): WrittenMessage {
  return speakIn(language, () => ({
    ...message,
    text: wordsOf(text),
    ...(asks === undefined ? {} : { asks: { ...asks, wording: wordsOf(asks.wording) } }),
  }));
}

function wordsOf(text: string | (() => string)): string {
  return typeof text === 'string' ? text : text();
}
