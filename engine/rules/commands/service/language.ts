import { isArgument } from '../../languages/arguments.ts';
import { readLanguage } from '../../languages/language.ts';
import { speakIn, spokenLanguage } from '../../languages/speaking.ts';
import { answer } from '../command.ts';
import { languageTexts, nameOf } from '../language.ts';
import { serviceCommand } from './command.ts';

/** The same as in a group: it is the person’s. */
export const language = serviceCommand({
  name: 'language',
  words: ['language', 'lang'],
  // "Lang 212-555-0100" is a line with a person's name.
  starless: (rest) => isArgument(rest, 'off') || readLanguage(rest.slice(0, LONGEST)) !== null,
  usage: '*language español',
  does: 'texts you in it',
  isUnlisted: true,
  read: ({ rest }) => ({ typed: rest.slice(0, LONGEST) }),
  needs: () => ({ kind: 'none' }),
  run(_, { typed }) {
    if (typed.trim() === '')
      return answer(languageTexts.languageIs({ language: nameOf(spokenLanguage()), runs: false }));
    if (isArgument(typed, 'off'))
      return [{ kind: 'chooseLanguage', language: null }, ...answer(speakIn('en', () => languageTexts.languageOff()))];
    const wanted = readLanguage(typed);
    if (wanted === null) return answer(languageTexts.noLanguage());
    const said = speakIn(wanted, () => languageTexts.languageSet({ language: nameOf(wanted) }));
    return [{ kind: 'chooseLanguage', language: wanted }, ...answer(said)];
  },
});

/** No name of a language is as long, in characters. */
const LONGEST = 20;
