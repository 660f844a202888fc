import { expect } from 'chai';
import fc from 'fast-check';
import { toPush } from '../../../engine/rules/push.ts';

const about = { group: { name: 'Friends', number: '+12015550101' }, sender: 'Ann', messageId: 7 };
const push = (text: string, media: string[] = []) => toPush({ ...about, text, media });
const bytes = (what: unknown) => Buffer.byteLength(JSON.stringify(what));

describe('what an app is told', () => {
  for (const [what, text, media, told] of [
    ['a text', 'Ann: Lunch?', [], 'Ann: Lunch?'],
    ['a text with a picture', 'Ann: Look', ['https://m.example/1'], 'Ann: Look\n[1 attachment]'],
    ['pictures', '', ['https://m.example/1', 'https://m.example/2'], '[2 attachments]'],
  ] as const) {
    it(`of ${what} is ${JSON.stringify(told)}`, () => {
      expect(push(text, [...media])).to.deep.equal({ ...about, text: told, media });
    });
  }

  it('of a long text is its beginning, with no character torn', () => {
    const family = '👩‍👩‍👧';
    const told = push(`Ann: ${family.repeat(500)}`).text;
    expect(told).to.match(new RegExp(`^Ann: (${family})+…$`, 'u'));
    expect(bytes(told)).to.be.within(1_900, 2_000);
  });

  it('fits whatever was said, and begins with it', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 5_000, size: 'max' });
    const media = fc.array(fc.webUrl({ size: 'large' }), { maxLength: 10, size: 'max' });
    fc.assert(
      fc.property(texts, media, (text, addresses) => {
        const told = push(text, addresses);
        expect(bytes(told.text)).to.be.most(2_100);
        expect(bytes(told.media)).to.be.most(1_300);
        const said = told.text.replace(/\n?\[\d+ attachments?\]$/, '');
        expect(said === text || text.startsWith(said.replace(/…$/, ''))).to.equal(true);
        expect(told.media.every((address) => addresses.includes(address))).to.equal(true);
      }),
      { numRuns: 100 },
    );
  });
});
