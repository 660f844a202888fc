import { expect } from 'chai';
import { pickQuestion, type Question, readReply } from '../../../engine/rules/questions.ts';

describe('a reply to a question of ours', () => {
  it('is YES or NO, with a code or without', () => {
    for (const [text, yes, code] of [
      ['yes', true, null],
      ['Y!', true, null],
      ['YES 4821', true, '4821'],
      ['“Yes, 4821.”', true, '4821'],
      ['yes-4821', true, '4821'],
      ['4821 yes', true, '4821'],
      ['ＹＥＳ ４８２１', true, '4821'],
      ['no 4821', false, '4821'],
      ['NO', false, null],
    ] as const)
      expect(readReply(text), text).to.deep.equal({ yes, code });
    for (const text of [
      '',
      '4821',
      'yes 48211',
      'yes please 4821',
      'yesterday 4821',
      `yes ${' '.repeat(50)}4821`,
      'JOIN 4821',
    ])
      expect(readReply(text), text).to.equal(null);
  });

  it('without a code answers the only question, and none where several wait', () => {
    const [first, second] = ['1111', '2222'].map(
      (code, id): Question => ({ kind: 'device', id, code, type: 'iphone' }),
    );
    if (first === undefined || second === undefined) throw new Error('two');
    expect(pickQuestion([first], { yes: true, code: null })).to.equal(first);
    expect(pickQuestion([first, second], { yes: true, code: null })).to.equal(null);
    expect(pickQuestion([first, second], { yes: true, code: '2222' })).to.equal(second);
    expect(pickQuestion([first], { yes: true, code: '2222' })).to.equal(null);
  });
});
