import { expect } from 'chai';
import { type OpenPoll, readPoll, readVote, takesAnswers, tallyOf } from '../../../engine/rules/polls.ts';
import { rosterOf } from '../../support/scenes.ts';

const open = (...choices: string[]): OpenPoll => ({ id: 1, byId: 1, question: 'Dinner?', choices, openedAt: 0 });

describe('a poll as people type it', () => {
  for (const [typed, question, choices] of [
    ['Dinner at 7? yes/no/maybe', 'Dinner at 7?', ['yes', 'no', 'maybe']],
    ['Dinner at 7?', 'Dinner at 7?', ['yes', 'no']],
    ['Which day?  Sat / Sun ', 'Which day?', ['Sat', 'Sun']],
    ['Which day? Sat, Sun or Mon', 'Which day?', ['Sat', 'Sun', 'Mon']],
    ['Which day? first choice/second choice', 'Which day?', ['first choice', 'second choice']],
    ['¿Qué día? lunes, martes o jueves', '¿Qué día?', ['lunes', 'martes', 'jueves']],
    ['Quel jour? lundi ou mardi', 'Quel jour?', ['lundi', 'mardi']],
    ['Dinner tonight yes/no', 'Dinner tonight?', ['yes', 'no']],
    ['Really? Dinner? yes/no', 'Really? Dinner?', ['yes', 'no']],
  ] as const) {
    it(`reads ${JSON.stringify(typed)}`, () => expect(readPoll(typed)).to.deep.equal({ question, choices }));
  }

  for (const [typed, error] of [
    ['', 'unclear'],
    ['dinner', 'unclear'],
    ['yes/no', 'unclear'],
    ['? yes', 'unclear'],
    [`${'q'.repeat(120)}? yes/no`, 'questionTooLong'],
    [`Dinner? ${'x'.repeat(21)}/no`, 'choiceTooLong'],
    ['Dinner? 1/2/3/4/5/6/7/8/9', 'tooManyChoices'],
    ['Dinner? yes/YES', 'sameChoice'],
    ['Dinner? stop/wait', 'choiceIsTaken'],
    ['Dinner? help/wait', 'choiceIsTaken'],
    ['Dinner? go/wait', 'choiceIsTaken'],
  ] as const) {
    it(`refuses ${JSON.stringify(typed.slice(0, 30))} as ${error}`, () => expect(readPoll(typed)).to.equal(error));
  }
});

describe('an answer to a poll', () => {
  const poll = open('yes', 'no', 'Not sure');
  for (const [text, choice] of [
    ['yes', 0],
    ['“Yes!” 👍', 0],
    ['NO.', 1],
    ['not sure', 2],
    ['Sí!', 0],
    ['oui', 0],
    ['Non.', 1],
    ['non non', null],
    ['3', 2],
    ['#2', 1],
    ['2)', 1],
    ['4', null],
    ['0', null],
    ['22', null],
    ['yes?', null],
    ['yes yes', null],
    ['not', null],
    ['', null],
    ['👍', null],
    ['yes '.repeat(40), null],
  ] as const) {
    it(`${JSON.stringify(text.slice(0, 20))} is ${choice === null ? 'none' : poll.choices[choice]}`, () =>
      expect(readVote(poll, text)).to.equal(choice));
  }

  it('by a yes is none where two choices are one', () =>
    expect(readVote(open('yes', 'oui', 'no'), 'sí')).to.equal(null));

  it('by an emoji is that choice', () => expect(readVote(open('👍', '👎'), '👎')).to.equal(1));

  it('counts for a week', () => {
    expect(takesAnswers(poll, 7 * 86_400_000 - 1)).to.equal(true);
    expect(takesAnswers(poll, 7 * 86_400_000)).to.equal(false);
  });

  it('counts while its member is there', () => {
    const roster = rosterOf(['Ann', 'Bob', 'Cy']);
    const left = { ...roster, members: roster.members.map((one) => ({ ...one, left: one.name === 'Cy' })) };
    const votes = [
      { memberId: 2, choice: 1 },
      { memberId: 3, choice: 0 },
      { memberId: 99, choice: 0 },
    ];
    const counts = (yes: number) => [
      { choice: 'yes', count: yes },
      { choice: 'no', count: 1 },
    ];
    expect(tallyOf(open('yes', 'no'), votes, roster)).to.deep.equal({ counts: counts(1), silent: [1] });
    expect(tallyOf(open('yes', 'no'), votes, left)).to.deep.equal({ counts: counts(0), silent: [1] });
  });
});
