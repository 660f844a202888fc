import { expect } from 'chai';
import fc from 'fast-check';
import { bundle, isLive, type Line, paceOf } from '../../../engine/rules/bundles.ts';
import { BUSY, feel, type Pulse } from '../../../engine/rules/heat.ts';
import { countSegments } from '../../../engine/rules/segments.ts';
import { splitDelivered } from '../../../engine/rules/text.ts';
import type { Member } from '../../../engine/rules/types.ts';
import { rosterOf } from '../../support/scenes.ts';

const lineOf = (text: string, id = 1, more: Partial<Line> = {}): Line => ({
  ...{ id, text, media: null, isAlone: false },
  ...more,
});
const segmentsOf = (texts: readonly string[]) =>
  texts.flatMap(splitDelivered).reduce((sum, text) => sum + countSegments(text).segments, 0);

describe('one text for several', () => {
  it('names the group, and tells each line as it stands on handsets', () => {
    const [only, ...others] = bundle('Choir', [lineOf('Ann: Hi'), lineOf('Bob: Hello', 2), lineOf('Ann: Bye', 3)]);
    expect(only?.text).to.equal('3 texts in "Choir":\nAnn: Hi\nBob: Hello\nAnn: Bye');
    expect(others).to.deep.equal([]);
  });

  it('that is the only one is told as it was said', () => {
    expect(bundle('Choir', [lineOf('Ann: Hi')]).map(({ text }) => text)).to.deep.equal(['Ann: Hi']);
    expect(bundle('Choir', [])).to.deep.equal([]);
  });

  it('leaves the name of a group out that would make it longer on the air', () => {
    const [only] = bundle('Хор', [lineOf('Ann: Hi'), lineOf('Bob: Hello', 2)]);
    expect(only?.text).to.equal('2 texts:\nAnn: Hi\nBob: Hello');
  });

  it('keeps an emoji from making long texts around it twice as long', () => {
    const long = `Ann: ${'word '.repeat(25)}end`;
    const lines = [lineOf(long), lineOf(long, 2), lineOf('Bob: \u{1F602}', 3), lineOf(long, 4), lineOf(long, 5)];
    const told = bundle('Choir', lines).map(({ text }) => text);
    expect(told).to.include('Bob: \u{1F602}');
    expect(segmentsOf(told)).to.be.at.most(segmentsOf(lines.map(({ text }) => text)));
  });

  it('leaves a picture, and what is for one alone, in a text of its own', () => {
    const media = '["https://media.example/1.jpg"]';
    const told = bundle('Choir', [
      ...[lineOf('Ann: One'), lineOf('Ann: Two', 2)],
      lineOf('Bob: Look', 3, { media, isAlone: true }),
      ...[lineOf('Ann: Three', 4), lineOf('Ann: Four', 5)],
    ]);
    expect(told.map((one) => [one.text.split('\n')[0], one.media])).to.deep.equal([
      ['2 texts in "Choir":', null],
      ['Bob: Look', media],
      ['2 texts in "Choir":', null],
    ]);
  });

  it('tells every line once and in order, in no more segments than texts of their own, each a text that a carrier takes', () => {
    const texts = fc.oneof(
      fc.string({ minLength: 1, maxLength: 60 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
      fc.nat({ max: 2_000 }).map((count) => 'word '.repeat(Math.ceil(count / 5)).slice(0, count + 1)),
    );
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 30 }), (said) => {
        const lines = said.map((text, at) => lineOf(`Ann: ${text}`, at));
        const told = bundle('Choir', lines);
        expect(told.flatMap((one) => one.lines.map(({ id }) => id))).to.deep.equal(said.map((_, at) => at));
        expect(segmentsOf(told.map(({ text }) => text))).to.be.at.most(segmentsOf(lines.map(({ text }) => text)));
        for (const one of told) {
          for (const { text } of one.lines) expect(one.text).to.contain(text);
          if (one.lines.length > 1) expect(splitDelivered(one.text)).to.have.length(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the pace of a text to a member', () => {
  const { group, members } = rosterOf(['Ann', 'Bob'], { hot: true, batches: true });
  const [bob] = members.slice(1) as [Member];
  const message = { id: 10, senderId: members[0]?.id ?? 0, toId: null, hasMedia: false };
  const free = { owes: false, lastId: 0 };
  const at = (member: Partial<Member>, more: Partial<Parameters<typeof paceOf>[1]> = {}) =>
    paceOf({ ...bob, ...member }, { message, group, talks: false, owing: free, ...more });

  it('of a busy group waits for who only reads, and for nobody else', () => {
    expect(at({})).to.equal('later');
    expect(at({}, { talks: true })).to.equal('live');
    expect(at({}, { group: { ...group, hot: false } })).to.equal('live');
    expect(at({ sms: 2 })).to.equal('live');
    expect(at({}, { group: { ...group, replyToOwner: true } })).to.equal('live');
  });

  it('is their own choice first', () => {
    expect(at({ batch: 'live' })).to.equal('live');
    expect(at({ batch: 'batch' }, { talks: true, group: { ...group, hot: false } })).to.equal('later');
    expect(isLive({ ...bob, batch: 'batch' }, { group, talks: true })).to.equal(false);
  });

  it('never lets one overtake what is owed, or what tells it', () => {
    expect(at({}, { talks: true, owing: { owes: true, lastId: 0 } })).to.equal('soon');
    expect(at({}, { talks: true, owing: { owes: false, lastId: 11 } })).to.equal('soon');
    expect(at({}, { talks: true, owing: { owes: false, lastId: 9 } })).to.equal('live');
    expect(at({}, { message: { ...message, toId: bob.id }, owing: { owes: true, lastId: 0 } })).to.equal('soon');
    expect(at({}, { message: { ...message, hasMedia: true } })).to.equal('live');
  });
});

describe('a group', () => {
  function busyAt(times: readonly number[], seen: (messageId: number) => boolean = () => true): number | undefined {
    let pulse: Pulse = [];
    for (const [index, at] of times.entries()) {
      if (!seen(index + 1)) continue;
      const felt = feel(pulse, { messageId: index + 1, at });
      pulse = felt.pulse;
      if (felt.busy) return index + 1;
    }
    return undefined;
  }

  it('is busy from 20 texts in five minutes on, and not at fewer', () => {
    expect(busyAt(Array.from({ length: 40 }, (_, at) => at * 10_000))).to.equal(BUSY.texts);
    expect(busyAt(Array.from({ length: 400 }, (_, at) => at * 16_000))).to.equal(undefined);
    expect(busyAt(Array.from({ length: 19 }, () => 0))).to.equal(undefined);
  });

  it('is seen to be busy by a process that fans out only every third of its texts', () => {
    const times = Array.from({ length: 60 }, (_, at) => at * 5_000);
    expect(busyAt(times, (messageId) => messageId % 3 === 0))
      .to.be.at.least(BUSY.texts)
      .and.at.most(BUSY.texts + 6);
  });
});
