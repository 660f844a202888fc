import { keywordOf } from '../../engine/rules/keywords.ts';
import { cleanMessage, cleanText, nameKey } from '../../engine/rules/names.ts';
import { route } from '../../engine/rules/route.ts';
import { countSegments } from '../../engine/rules/segments.ts';
import { splitAnswer, splitDelivered, toGsm } from '../../engine/rules/text.ts';
import { memberOf, sceneOf, serviceSenderOf } from './scenes.ts';

type Works = Readonly<Record<string, (text: string) => unknown>>;

const member = memberOf({ owner: true });

/** What is done to a text before anybody is known to have paid for it. */
export const works: Works = {
  'cleaning a message': cleanMessage,
  'cleaning a name': cleanText,
  'the key of a name': nameKey,
  'looking for a keyword': keywordOf,
  'counting segments': countSegments,
  'making it GSM-7': toGsm,
  'splitting a message': splitDelivered,
  'splitting an answer': splitAnswer,
  'a member’s text': (text) => route(sceneOf({ text: cleanMessage(text), sender: member })),
  'a text to the service number': (typed) => {
    const text = cleanMessage(typed);
    return route(sceneOf({ text, sender: serviceSenderOf(text, true) }));
  },
};

/** What must be noticed, because it takes sixteen times as long. */
export const quadratic: Works = {
  'a regular expression': (text) => /.*\0/s.test(text),
  'a loop': (text) => {
    let pairs = 0;
    for (let one = 0; one < text.length; one++)
      for (let other = one; other < text.length; other++) if (text[one] === text[other]) pairs++;
    return pairs;
  },
  'a list copied for each letter': (text) => {
    let letters: string[] = [];
    for (let at = 0; at < text.length; at++) letters = [...letters, text.charAt(at)];
    return letters;
  },
  'a text searched for each letter': (text) => {
    let found = 0;
    for (let at = 0; at < text.length; at++) if (text.includes(`${text.charAt(at)}\0`)) found++;
    return found;
  },
};
