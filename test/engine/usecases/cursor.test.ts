import { expect } from 'chai';
import fc from 'fast-check';
import { type Cursor, readCursor, withOpen, writeCursor } from '../../../engine/usecases/events/cursor.ts';

const PLAIN = { noNullPrototype: true };
const count = fc.nat({ max: 4_294_967_295 });
const anyCursor: fc.Arbitrary<Cursor> = fc
  .record({
    at: count,
    low: fc.nat(),
    places: fc.array(fc.tuple(fc.nat(), fc.record({ message: count, event: count }, PLAIN)), { maxLength: 20 }),
    open: fc.array(fc.record({ membershipId: fc.nat(), messageId: count, told: count }, PLAIN), { maxLength: 50 }),
  })
  .map(({ places, ...cursor }) => ({ ...cursor, places: new Map(places.sort(([a], [b]) => a - b)) }));

describe('a cursor', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(anyCursor, (cursor) => {
        expect(readCursor(writeCursor(cursor))).to.deep.equal(cursor);
      }),
    );
  });

  it('is nothing else: any other text is none, or one, and never an error', () => {
    fc.assert(fc.property(fc.string(), (text) => readCursor(text) === null || readCursor(text)?.open !== undefined));
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const read = readCursor(`a${Buffer.from(bytes).toString('base64url')}`);
        expect(read === null || read.open.length <= 50).to.equal(true);
      }),
    );
    for (const text of ['', 'a', 'x', 'start', 'a?', 'agICAgICAgICAgICAgA'])
      expect(readCursor(text), text).to.equal(null);
  });

  it('takes a few bytes a group, so that one of hundreds of groups fits into a header', () => {
    const places = new Map(Array.from({ length: 300 }, (_, at) => [5_000 + 40 * at, { message: 900 + at, event: at }]));
    expect(writeCursor({ at: 1_800_000_000, low: 0, places, open: [] }).length).to.be.lessThan(2_100);
  });

  it('follows the newest 50 messages', () => {
    let cursor: Cursor = { at: 0, low: 0, places: new Map(), open: [] };
    for (let messageId = 1; messageId <= 60; messageId++)
      cursor = withOpen(cursor, { membershipId: 7, messageId, told: 0 });
    expect(cursor.open).to.have.length(50);
    expect(cursor.open[0]?.messageId).to.equal(11);
    cursor = withOpen(cursor, { membershipId: 7, messageId: 20, told: 9 });
    expect(cursor.open.filter(({ told }) => told === 9)).to.have.length(1);
  });
});
