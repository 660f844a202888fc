import type { Effect } from '../effects.ts';
import { isArgument, patternOf } from '../languages/arguments.ts';
import { type Language, languageNames, languageOf, readLanguage } from '../languages/language.ts';
import { speakIn, spokenLanguage } from '../languages/speaking.ts';
import { denialOf, runsGroup } from '../permissions.ts';
import { foldAccents } from '../text.ts';
import { texts } from '../texts.ts';
import { wording } from '../wording.ts';
import { answer, type Call, type CommandRows } from './command.ts';

/** In which language our texts come: each member's own choice, and the group's for those who have none. */
export const language = {
  language: {
    alias: ['lang'],
    also: ['languages', 'english', 'spanish', 'french', 'translate'],
    usage: '*language español',
    does: 'texts you in it; also français, English',
    permission: 'changeSelf',
    run(call) {
      const { roster, member } = call.membership;
      const { name: group } = roster.group;
      const [ofGroup, wanted = ''] = FOR_GROUP.exec(call.rest) ?? [];
      if (ofGroup !== undefined) return setForGroup(call, wanted);
      if (call.rest === '')
        return answer(languageTexts.languageIs({ language: nameOf(spokenLanguage()), runs: runsGroup(member) }));
      const isOff = isArgument(call.rest, 'off');
      const own = isOff ? null : readLanguage(call.rest.slice(0, 20));
      if (own === null && !isOff) return answer(languageTexts.noLanguage());
      const spoken = languageOf({ own, group: roster.group.language });
      return [
        { kind: 'setMember', membershipId: member.id, patch: { language: own } },
        ...answer(
          speakIn(spoken, () =>
            own === null
              ? languageTexts.languageAsGroup({ group, language: nameOf(spoken) })
              : languageTexts.languageSet({ language: nameOf(own) }),
          ),
        ),
      ];
    },
  },
} satisfies CommandRows;

const FOR_GROUP = new RegExp(`^${patternOf('group')}(?:\\s+([\\s\\S]*))?$`, 'iu');

function setForGroup({ membership }: Call, typed: string): Effect[] {
  const { roster, member } = membership;
  const { name: group } = roster.group;
  if (denialOf('changeGroup', membership) !== null) return answer(texts.ownerOnly({ group }));
  const now = languageOf({ own: null, group: roster.group.language });
  if (typed === '') return answer(languageTexts.groupLanguageIs({ group, language: nameOf(now) }));
  const wanted = readLanguage(typed.slice(0, 20));
  if (wanted === null) return answer(languageTexts.noLanguage());
  return [
    { kind: 'setGroup', patch: { language: wanted } },
    ...answer(
      speakIn(languageOf({ own: member.language, group: wanted }), () =>
        languageTexts.groupLanguageSet({ group, language: nameOf(wanted) }),
      ),
    ),
  ];
}

/** As it calls itself, in letters that are sent as one byte. */
export function nameOf(language: Language): string {
  return foldAccents(languageNames[language][0] ?? language);
}

/** What this command says. */
export const languageTexts = wording({
  languageIs: ({ language, runs }: { language: string; runs: boolean }) =>
    `We text you in ${language}. *language español, *language français or *language English changes that, in all your groups.${runs ? ' *language group español sets that of the group.' : ''}`,
  languageSet: ({ language }: { language: string }) => `We text you in ${language} now, in all your groups.`,
  languageAsGroup: ({ group, language }: { group: string; language: string }) =>
    `We text you as "${group}" does now, in ${language}.`,
  languageOff: () => 'We text you in the language of each of your groups now.',
  noLanguage: () => 'We text in English, español and français: *language español, for instance. Nothing was changed.',
  groupLanguageIs: ({ group, language }: { group: string; language: string }) =>
    `Our texts in "${group}" are in ${language} for those who have chosen none. *language group français changes that.`,
  groupLanguageSet: ({ group, language }: { group: string; language: string }) =>
    `Our texts in "${group}" are in ${language} now, but for those who chose another. What members write stays as they write it.`,
});
