import { expect } from 'chai';
import type { Text } from '../dev/simulator/log.ts';
import { endOf, judgeAsked } from './faults/features/approvals.ts';
import { findUnheard } from './faults/features/heard.ts';
import { judgeHeld } from './faults/features/hours.ts';
import { judgePoll, votesIn } from './faults/features/polls.ts';
import { judgeLikes } from './faults/features/reactions.ts';
import { touches } from './faults/features/use.ts';
import { arrivalsIn, judgeWords, type Word } from './faults/features/words.ts';
import { possibleEnds } from './faults/features/writes.ts';
import { type Brought, heardOf, textTo } from './support/heard-texts.ts';

/** What the rehearsals of faults see in the features that are used meanwhile, on texts that are made up. */
describe('what became of features under faults', () => {
  const [ann, bob, cy] = ['+13125550001', '+13125550002', '+13125550003'];
  const players = [ann, bob, cy].map((phone, at) => ({ name: `Member ${at + 1}`, phone, sid: '' }));
  const group = { id: 1, number: '+12025550152', players };
  describe('a text that is for some', () => {
    const expected = { what: 'the text', is: (words: string) => words === 'Hi', to: [bob, cy] };

    it('is right where each of them got it once', () => {
      expect(findUnheard(expected, heardOf([textTo(bob, 'Hi'), textTo(cy, 'Hi'), textTo(ann, 'Ho')]))).to.deep.equal(
        [],
      );
    });

    it('is wrong where one did not get it, or somebody else did', () => {
      expect(findUnheard(expected, heardOf([textTo(bob, 'Hi'), textTo(ann, 'Hi')]))).to.deep.equal([
        `the text did not reach ${cy}`,
        `the text reached ${ann}, for whom it was not`,
      ]);
    });

    it('may come again as another try whose report did not come, and not as another message', () => {
      const twice = (first: Brought, second: Brought) =>
        findUnheard(expected, heardOf([textTo(bob, 'Hi', first), textTo(bob, 'Hi', second), textTo(cy, 'Hi')]));
      expect(twice({ at: 0, delivery: [7, 1] }, { at: 13_000, delivery: [7, 2] })).to.deep.equal([]);
      expect(twice({ at: 0, delivery: [7, 1] }, { at: 2_000, delivery: [7, 2] })).to.have.length(1);
      expect(twice({ at: 0, delivery: [7, 1] }, { at: 13_000, delivery: [8, 1] })).to.have.length(1);
    });

    it('may come again where MySQL forgot when it was sent, however long before it was said', () => {
      const texts = [textTo(bob, 'Hi', { at: 5_000 }), textTo(bob, 'Hi', { at: 9_000 }), textTo(cy, 'Hi')];
      const heard = heardOf(texts);
      expect(findUnheard(expected, heard)).to.have.length(1);
      const isThen = (from: number, until: number) => from < 6_000 && until > 4_000;
      expect(findUnheard(expected, { ...heard, mayComeAgain: isThen })).to.deep.equal([]);
    });
  });

  describe('what counts in the end', () => {
    const ends = (...writes: Parameters<typeof possibleEnds<string>>[1]) => [...possibleEnds('none', writes)];

    it('is what was before, or the last of those that were answered, or any that were under way at once', () => {
      expect(ends()).to.deep.equal(['none']);
      expect(ends({ value: 'a', from: 0, until: 1 }, { value: 'b', from: 2, until: 3 })).to.deep.equal(['b']);
      expect(ends({ value: 'a', from: 0, until: 5 }, { value: 'b', from: 2, until: 3 })).to.deep.equal(['a', 'b']);
    });

    it('may be one that nobody answered, or the one before it', () => {
      const lost = { value: 'b', from: 2, until: null };
      expect(ends({ value: 'a', from: 0, until: 1 }, lost)).to.deep.equal(['a', 'b']);
      expect(ends(lost)).to.deep.equal(['none', 'b']);
    });
  });

  describe('a poll', () => {
    const poll = { question: 'Which?', choices: ['red', 'blue'] };
    const vote = (phone: string, value: string, from: number) => ({ phone, value, from, until: from + 1 });
    const votes = [vote(ann, 'red', 0), vote(bob, 'red', 0), vote(bob, 'blue', 5)];
    const counted = [
      { phone: ann, choice: 0 },
      { phone: bob, choice: 1 },
    ];
    const asked = [bob, cy].map((phone) => textTo(phone, 'Member 1: Which? Reply red or blue'));
    const result = 'Member 1: Closed: Which? red 1, blue 1, no answer 1.';
    const told = [bob, cy].map((phone) => textTo(phone, result));
    const judge = (given: Partial<{ counted: typeof counted; texts: readonly Text[] }>) =>
      judgePoll({ ...poll, votes }, { counted, group, ...given, heard: heardOf(given.texts ?? [...asked, ...told]) });

    it('is right where the last voice of each counts, and all are told so', () => {
      expect(judge({})).to.deep.equal([]);
    });

    it('is wrong where a voice counts twice, or an earlier one, or none', () => {
      const wrongOf = (some: typeof counted) => judge({ counted: some }).filter((line) => line.includes(bob));
      expect(wrongOf([...counted, { phone: bob, choice: 1 }])[0]).to.equal(`votes: ${bob} has 2 voices in "Which?"`);
      expect(wrongOf([counted[0] ?? { phone: ann, choice: 0 }, { phone: bob, choice: 0 }])[0]).to.match(
        /; red counts$/,
      );
      expect(wrongOf(counted.slice(0, 1))[0]).to.match(/; null counts$/);
    });

    it('is wrong where the result is another one, or comes twice, or not at all', () => {
      const other = textTo(cy, 'Member 1: Closed: Which? red 2, blue 1, no answer 0.');
      expect(judge({ texts: [...asked, ...told.slice(0, 1), other] })).to.deep.equal([
        `votes: "${other.text}" was told of "${result}"`,
      ]);
      expect(judge({ texts: [...asked, ...told, textTo(cy, result)] })).to.have.length(1);
      expect(judge({ texts: [...asked, ...told.slice(0, 1)] })).to.have.length(1);
    });

    it('counts for certain what was answered before it closed, or says that it counts', () => {
      const closing = { from: 10, until: 20 };
      const said = { phone: ann, value: 'red' };
      const before = { ...said, from: 1, until: 2, reply: null };
      const counts = { ...said, from: 8, until: 12, reply: 'Counted: red, for Which?' };
      expect(votesIn(before, closing)).to.deep.equal([{ ...said, from: 1, until: 2 }]);
      expect(votesIn(counts, closing)).to.deep.equal([{ ...said, from: 8, until: 12 }]);
      expect(votesIn({ ...counts, reply: '' }, closing)).to.deep.equal([]);
      expect(votesIn({ ...counts, reply: null }, closing)).to.deep.equal([{ ...said, from: 8, until: null }]);
      expect(votesIn({ ...before, until: null }, closing)).to.deep.equal([{ ...said, from: 1, until: null }]);
    });
  });

  describe('a text that waits for an owner', () => {
    it('comes to what the answer of the call says, or what the other owner wanted', () => {
      const own = {
        approve: 'OK, what Bob wrote goes to all of "Club" now.',
        decline: 'OK, what Bob wrote doesn\'t go to "Club"',
      };
      const other = 'No text with the number 7 waits for your OK in "Club": it was decided, or has ended.';
      expect(endOf({ called: 'approve', texted: 'decline', reply: own.approve })).to.equal('sent');
      expect(endOf({ called: 'decline', texted: 'approve', reply: own.decline })).to.equal('dropped');
      expect(endOf({ called: 'approve', texted: 'decline', reply: other })).to.equal('dropped');
      expect(endOf({ called: 'decline', texted: 'approve', reply: other })).to.equal('sent');
      expect(endOf({ called: 'approve', texted: 'approve', reply: 'Hello' })).to.equal(null);
    });

    it('is wrong where it goes although nobody approved, or does not although somebody did, or twice', () => {
      const asked = { words: 'Member 3: Practice', to: [ann, bob] };
      const goes = [ann, bob].map((phone) => textTo(phone, asked.words));
      expect(judgeAsked({ ...asked, end: 'sent' }, heardOf(goes))).to.deep.equal([]);
      expect(judgeAsked({ ...asked, end: 'dropped' }, heardOf([]))).to.deep.equal([]);
      expect(judgeAsked({ ...asked, end: 'dropped' }, heardOf(goes))).to.have.length(2);
      expect(judgeAsked({ ...asked, end: null }, heardOf(goes))).to.have.length(2);
      expect(judgeAsked({ ...asked, end: 'sent' }, heardOf(goes.slice(1)))).to.have.length(1);
      expect(judgeAsked({ ...asked, end: 'sent' }, heardOf([...goes, textTo(bob, asked.words)]))).to.have.length(1);
    });
  });

  it('a text that waits for the day is wrong where it comes at night, twice or not at all', () => {
    const held = { words: 'Member 1: Good morning', to: [bob, cy], dueAt: 1_000 };
    const goes = [bob, cy].map((phone) => textTo(phone, held.words, { at: 1_001 }));
    expect(judgeHeld(held, heardOf(goes))).to.deep.equal([]);
    expect(judgeHeld({ ...held, dueAt: 1_002 }, heardOf(goes))).to.have.length(2);
    expect(judgeHeld(held, heardOf([...goes, textTo(bob, held.words, { at: 1_200 })]))).to.have.length(1);
    expect(judgeHeld(held, heardOf(goes.slice(1)))).to.have.length(1);
  });

  it('likes are wrong where one counts twice, or was taken back, or more are told than there are', () => {
    const act = (phone: string, value: boolean, from: number) => ({ phone, value, from, until: from + 1 });
    const liked = { words: 'Concert', acts: [act(bob, true, 0), act(cy, true, 0), act(cy, false, 5)] };
    const judge = (kept: readonly string[], told = kept.length) => judgeLikes(liked, { kept, told, to: [bob, cy] });
    expect(judge([bob])).to.deep.equal([]);
    expect(judge([bob, bob])).to.have.length(1);
    expect(judge([bob, cy])).to.have.length(1);
    expect(judge([])).to.have.length(1);
    expect(judge([bob], 2)).to.deep.equal(['reactions: 2 likes of "Concert" are told of 1']);
  });

  describe('the words of a busy group', () => {
    const word = (id: number, more: Partial<Word> = {}): Word => ({
      ...{ id, line: `Member 1: Song w${id}w`, to: [bob, cy], saidAt: id, acceptedAt: id },
      ...more,
    });
    const words = [word(1), word(2), word(3)];
    const ranks = new Map(words.map(({ id }) => [id, id]));
    const lines = (...ids: number[]) => ids.map((id) => `Member 1: Song w${id}w`).join('\n');
    const judge = (texts: readonly Text[], more: Partial<Parameters<typeof judgeWords>[0]> = {}) => {
      const said = more.words ?? words;
      const { arrivals, mangled } = arrivalsIn(texts, said);
      return [
        ...mangled,
        ...judgeWords({ words: said, arrivals, ranks, heard: heardOf(texts), onHosts: false, ...more }),
      ];
    };
    const toBob = [textTo(bob, lines(1)), textTo(bob, lines(2)), textTo(bob, lines(3))];
    const bundle = `3 texts in "Feature 2":\n${lines(1, 2, 3)}`;

    it('are right where each of them came once, alone or in a text for several', () => {
      expect(judge([...toBob, textTo(cy, bundle)])).to.deep.equal([]);
    });

    it('are wrong where one is missing, comes twice, is told otherwise, or comes to who said it', () => {
      expect(judge([...toBob, textTo(cy, lines(1, 3))])).to.deep.equal([`bundles: "${lines(2)}" did not reach ${cy}`]);
      expect(judge([...toBob, textTo(cy, bundle), textTo(cy, lines(3))])[0]).to.contain(
        `"${lines(3)}" came more than once`,
      );
      expect(judge([...toBob, textTo(cy, bundle.replace('w2w', 'w2w is')), textTo(cy, lines(2))])[0]).to.equal(
        `bundles: "${lines(2)}" was told to ${cy} as "${lines(2)} is"`,
      );
      expect(judge([...toBob, textTo(cy, bundle), textTo(ann, lines(2))])[0]).to.contain(`reached ${ann}`);
      expect(judge([...toBob, textTo(cy, bundle), textTo(cy, lines(0))])).to.deep.equal([
        `bundles: w0w came to ${cy} when its fault was long over`,
      ]);
    });

    it('are wrong where one comes after a later one, but for a second try', () => {
      const late = 'which was said later';
      expect(judge([...toBob, textTo(cy, lines(2, 1, 3))])[0]).to.contain(late);
      expect(judge([...toBob, textTo(cy, lines(2, 3)), textTo(cy, lines(1))])[0]).to.contain(late);
      expect(judge([...toBob, textTo(cy, lines(2, 3)), textTo(cy, lines(1), { delivery: [9, 2] })])).to.deep.equal([]);
    });

    it('may all be missing where nobody knows whether one was taken, and not for some', () => {
      const some = [word(1), word(2, { acceptedAt: null }), word(3)];
      const without = [textTo(bob, lines(1, 3)), textTo(cy, lines(1, 3))];
      expect(judge(without, { words: some })).to.deep.equal([]);
      expect(judge([...without.slice(1), textTo(bob, lines(1, 2, 3))], { words: some })).to.deep.equal([
        `bundles: "${lines(2)}" did not reach ${cy}`,
      ]);
    });

    it('are not looked at where MySQL may have forgotten that one was said, or told', () => {
      const texts = [...toBob.slice(0, 1), ...toBob.slice(2), textTo(cy, bundle, { at: 50 })];
      expect(judge(texts)).to.have.length(1);
      expect(judge(texts, { heard: heardOf(texts, { doubtful: [[1, 3]] }) })).to.deep.equal([]);
      expect(judge(texts, { heard: heardOf(texts, { doubtful: [[49, 51]] }) })).to.deep.equal([]);
    });

    it('may come again after MySQL forgot that they were told, and not where it was restored as the guide says', () => {
      const texts = [...toBob, textTo(cy, bundle, { at: 50 }), textTo(cy, bundle, { at: 90 })];
      const judgeAt = (settled: boolean) => judge(texts, { heard: heardOf(texts, { doubtful: [[49, 51]], settled }) });
      expect(judgeAt(false)).to.deep.equal([]);
      expect(judgeAt(true)).to.have.length(3);
    });

    it('are wrong where the group was busy and each came alone all the same', () => {
      const many = Array.from({ length: 10 }, (_, at) => word(at + 1, { to: [bob] }));
      const alone = many.map(({ id }) => textTo(bob, lines(id)));
      const all = new Map(many.map(({ id }) => [id, id]));
      expect(judge(alone, { words: many, ranks: all })).to.deep.equal([
        'bundles: 10 texts came, and none in one for several',
      ]);
    });
  });

  it('is in doubt where MySQL forgot it, from right before until the carrier has brought it again', () => {
    const forgotten = { from: 100_000, until: 110_000 };
    const at = (from: number, until = from) => touches(forgotten, { from, until });
    expect([96_000, 98_000, 105_000, 130_000, 136_000].map((from) => at(from))).to.eql([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(at(50_000, 99_000)).to.equal(true);
  });
});
