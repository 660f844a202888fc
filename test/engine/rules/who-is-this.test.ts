import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { route } from '../../../engine/rules/route.ts';
import { wantsOut } from '../../../engine/rules/wants-out.ts';
import { asksWho } from '../../../engine/rules/who-is-this.ts';
import { context, memberOf, sceneOf } from '../../support/scenes.ts';

describe('a newcomer’s "who is this?"', () => {
  const labelled = readFileSync(new URL('plain-words.txt', import.meta.url), 'utf8')
    .split('\n')
    .map((line) => line.split('\t'));
  const of = (label: string) => labelled.flatMap(([is, text = '']) => (is === label ? [text] : []));
  const taken = (label: string) => of(label).filter(asksWho);

  it('is found in a labelled set of 650 sentences, and ordinary chat is not held', () => {
    expect(of('who').length).to.be.at.least(140);
    expect(of('chat').length).to.be.at.least(500);
    expect(taken('who').length / of('who').length, 'found').to.be.greaterThan(0.98);
    const held = of('chat').filter((text) => asksWho(text) || wantsOut(text));
    expect(held.length / of('chat').length, 'held by mistake, for this or as a STOP').to.be.lessThan(0.01);
  });

  it('is short, and takes no time to tell from what it is like', () => {
    expect(asksWho(`${'hi '.repeat(40)}who is this`)).to.equal(false);
    for (const piece of ['who is this ', 'hi ', 'i dont know you. ', 'why am i in this group ', 'what is this text '])
      expect(asksWho(`${piece.repeat(9).slice(0, 80)} zebra`), piece).to.equal(false);
  });

  const day = 86_400_000;
  const arrival = { joinedAt: context.now - day, byId: 999, hasSpoken: false };
  const kinds = (more: object) => {
    const sender = memberOf({ context: { ...context, arrival: { ...arrival, ...more } } });
    return route(sceneOf({ text: 'Who is this?', sender })).map(({ kind }) => kind);
  };

  it('is held for thirty days after they came, unless they have spoken', () => {
    expect(kinds({})).to.deep.equal(['hold', 'answer']);
    expect(kinds({ byId: null })).to.deep.equal(['hold', 'answer']);
    expect(kinds({ joinedAt: context.now - 31 * day })).to.deep.equal(['say']);
    expect(kinds({ hasSpoken: true })).to.deep.equal(['say']);
  });
});
