import { expect } from 'chai';
import { findExchange } from '../../../engine/rules/loops.ts';

/** `Bob 1, Cy 3`: who said something and at which second, the oldest first. */
function turnsOf(said: string): { memberId: number; at: number }[] {
  const ids: Record<string, number> = { Ann: 1, Bob: 2, Cy: 3 };
  const turns = said.split(', ').flatMap((one) => {
    const [, who = '', second] = /^(\w+) (\d+)$/.exec(one) ?? [];
    return second === undefined ? [] : [{ memberId: ids[who] ?? 0, at: Number(second) * 1_000 }];
  });
  return turns.reverse();
}

describe('members who answer each other', () => {
  const rows: [string, string, { withId: number; answers: number } | null][] = [
    ['nobody', '', null],
    ['nobody but the speaker', 'Bob 1, Bob 2', null],
    ['at once, in turns', 'Bob 1, Cy 3, Bob 5, Cy 9', { withId: 3, answers: 4 }],
    ['whatever others say meanwhile', 'Bob 1, Cy 3, Ann 4, Ann 4, Bob 5, Ann 8, Cy 9', { withId: 3, answers: 4 }],
    ['after somebody took their time', 'Bob 1, Cy 3, Bob 9, Cy 12', { withId: 3, answers: 2 }],
    ['after one of them said two things', 'Cy 1, Bob 2, Bob 3, Cy 8', { withId: 3, answers: 2 }],
    ['too late', 'Bob 1, Cy 4', { withId: 3, answers: 0 }],
    ['right after themself', 'Cy 8, Bob 9', { withId: 3, answers: 0 }],
  ];
  for (const [what, said, exchange] of rows) {
    it(`are counted: ${what}`, () => {
      expect(findExchange(turnsOf(said), { memberId: 2, now: 10_000 })).to.deep.equal(exchange);
    });
  }
});
