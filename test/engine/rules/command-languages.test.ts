import { expect } from 'chai';
import { commands } from '../../../engine/rules/commands.ts';
import { languages } from '../../../engine/rules/languages/index.ts';
import { commandNames } from '../../../engine/rules/languages/vocabulary.ts';
import { route } from '../../../engine/rules/route.ts';
import { countSegments } from '../../../engine/rules/segments.ts';
import { splitAnswer } from '../../../engine/rules/text.ts';
import { memberOf, sceneOf } from '../../support/scenes.ts';

describe('commands in every language', () => {
  it('has no word that means one command in one language and another in another', () => {
    const meanings = new Map<string, string>();
    const english = commands.map(({ word, alias = [] }) => [word, [word, ...alias]] as const);
    const others = Object.values(commandNames).flatMap((names) =>
      Object.entries(names).map(([word, { words }]) => [word, words] as const),
    );
    for (const [command, words] of [...english, ...others])
      for (const word of words) {
        expect(meanings.get(word) ?? command, word).to.equal(command);
        meanings.set(word, command);
      }
  });

  for (const [own, group, text, learns, says] of [
    [null, null, '*quien', 'es', /^"Hikers" tiene/],
    [null, null, '*QUIÉNES?', 'es', /^"Hikers" tiene/],
    [null, null, '*qui', 'fr', /^"Hikers" a /],
    [null, 'es', '*qui', 'fr', /^"Hikers" a /],
    [null, null, '*who', null, /^"Hikers" has/],
    [null, 'es', '*who', null, /^"Hikers" tiene/],
    ['en', 'es', '*quien', null, /^"Hikers" has/],
    ['fr', 'es', '*who', null, /^"Hikers" a /],
    [null, null, '*total', null, /^"Hikers" has/],
    [null, null, '*invitation', null, /invite/],
    [null, null, '*h', null, /^Commands/],
    [null, null, '*alto', null, /STOP/],
  ] as const)
    it(`teaches ${learns ?? 'nothing'} by ${text} where ${own ?? 'nothing'} was chosen, in a group of ${group ?? 'no language'}`, () => {
      const sender = memberOf({ group: { language: group } });
      const { roster, member } = sender.membership;
      const membership = { roster, member: { ...member, language: own } };
      const effects = route(sceneOf({ text, sender: { ...sender, membership } }));
      const learnt = effects.flatMap((effect) => (effect.kind === 'learnLanguage' ? [effect.language] : []));
      expect(learnt).to.deep.equal(learns === null ? [] : [learns]);
      const answers = effects.flatMap((effect) => (effect.kind === 'answer' ? [effect.text] : []));
      expect(answers.join()).to.match(says);
    });

  for (const language of languages)
    it(`lists all commands in ${language}, a member’s in one text and the owners’ in another`, () => {
      const shown = (owner: boolean, text: string) => {
        const sender = memberOf({ owner, group: { name: 'W'.repeat(30), language } });
        const [effect] = route(sceneOf({ text, sender }));
        return effect?.kind === 'answer' ? effect.text : '';
      };
      const [member, owner, owners] = [shown(false, '*help'), shown(true, '*help'), shown(true, '*help 2')];
      for (const text of [member, owner, owners])
        expect([countSegments(text).encoding, splitAnswer(text).length], text).to.deep.equal(['GSM-7', 1]);
      expect(owner.split('\n').length).to.equal(member.split('\n').length + 1);
      const lines = [...member.split('\n'), ...owners.split('\n')].filter((line) => line.startsWith('*'));
      expect(lines).to.have.length(commands.filter(({ isAnswer }) => !isAnswer).length);
    });
});
