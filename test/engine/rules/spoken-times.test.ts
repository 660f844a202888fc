import { expect } from 'chai';
import { readSpokenTime } from '../../../engine/rules/spoken-times.ts';

/** A Sunday, 3 pm in New York. */
const now = Date.UTC(2026, 10, 29, 20);
const zone = 'America/New_York';
const read = (typed: string, at = now, where = zone) => readSpokenTime(typed, { now: at, zone: where });

describe('a time as people say it', () => {
  for (const [typed, at, text] of [
    ['tomorrow 7pm Bring water', '2026-12-01T00:00Z', 'Bring water'],
    ['tomorrow at 7 pm: Bring water', '2026-12-01T00:00Z', 'Bring water'],
    ['7pm Bring 3 bottles', '2026-11-30T00:00Z', 'Bring 3 bottles'],
    ['at 9am Late already, so tomorrow', '2026-11-30T14:00Z', 'Late already, so tomorrow'],
    ['Friday 9am Friday is here', '2026-12-04T14:00Z', 'Friday is here'],
    ['next tue 18:30 - go', '2026-12-01T23:30Z', 'go'],
    ['on Dec 24 at noon lunch', '2026-12-24T17:00Z', 'lunch'],
    ['12/24 6pm Party', '2026-12-24T23:00Z', 'Party'],
    ['2027-07-04 21:00 Fireworks', '2027-07-05T01:00Z', 'Fireworks'],
    ['in 2 hours Hi', '2026-11-29T22:00Z', 'Hi'],
    ['in 30 minutes\nLine one\nLine two', '2026-11-29T20:30Z', 'Line one\nLine two'],
    ['tomorrow 7pm PST Call', '2026-12-01T03:00Z', 'Call'],
    ['tomorrow 7pm', '2026-12-01T00:00Z', ''],
  ] as const) {
    it(typed, () => expect(read(typed)).to.deep.equal({ at: Date.parse(at), repeat: null, text }));
  }

  for (const [typed, at, days, minute, text] of [
    ['every Tue 18:00 Practice', '2026-12-01T23:00Z', [2], 1080, 'Practice'],
    ['every Sunday at 6pm Again', '2026-11-29T23:00Z', [0], 1080, 'Again'],
    ['every Sunday at 2pm Again', '2026-12-06T19:00Z', [0], 840, 'Again'],
    ['every Mon and Thu 7:30 am: Bus', '2026-11-30T12:30Z', [1, 4], 450, 'Bus'],
    ['every day at noon Eat', '2026-11-30T17:00Z', [0, 1, 2, 3, 4, 5, 6], 720, 'Eat'],
    ['each weekday 7a.m. Up', '2026-11-30T12:00Z', [1, 2, 3, 4, 5], 420, 'Up'],
    ['daily 12 am Night', '2026-11-30T05:00Z', [0, 1, 2, 3, 4, 5, 6], 0, 'Night'],
  ] as const) {
    it(typed, () => {
      expect(read(typed)).to.deep.equal({ at: Date.parse(at), repeat: { days, minute, zone }, text });
    });
  }

  for (const typed of [
    'tomorrow Bring water',
    'Bring water tomorrow 7pm',
    'yesterday 7pm Hi',
    '2020-01-01 10:00 Hi',
    'every Tue Hi',
    'every 2 weeks 7pm Hi',
    'every Tue 25:00 Hi',
    'every Tue 13pm Hi',
    'every time 7pm Hi',
    'Hi',
    '',
    '*'.repeat(5_000),
    `every ${'mon '.repeat(2_000)}7pm Hi`,
  ])
    it(`not ${JSON.stringify(typed.slice(0, 40))}`, () => expect(read(typed)).to.equal(null));

  it('keeps its hour where the clocks change meanwhile, and its length where a length is said', () => {
    const eve = Date.UTC(2026, 9, 31, 22);
    expect(read('tomorrow 6pm Hi', eve)?.at).to.equal(Date.UTC(2026, 10, 1, 23));
    const late = Date.UTC(2026, 10, 1, 5, 30);
    expect(read('in 2 hours Hi', late)?.at).to.equal(late + 2 * 3_600_000);
    const spring = Date.UTC(2027, 2, 14, 4);
    expect(read('2:30am Hi', spring)?.at).to.equal(Date.UTC(2027, 2, 14, 7, 30));
  });
});
