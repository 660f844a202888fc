import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Counted, Question } from '../../support/growth-process.ts';
import { quadratic, works } from '../../support/growth-works.ts';

/** What a long run may stand behind; before it stands nothing, or a letter. */
const starts = ['', 'x', '*add x', '*to x', '*broadcast x', '*name x', '*delete x', 'JOIN x', '*new x'];
const pieces = [
  ...[
    'a',
    'to ',
    '1',
    '1 ',
    '+1 ',
    '(212) 555-0100 ',
    'Bob 212-555-0100,',
    'Bob 212-555-0100\n',
    '*',
    '(',
    ':',
    ',',
    '.',
  ],
  ...['! ', ' ', '\n', '\n ', '“', '" ', '[', '€', '中', 'שלום ', 'e\u0301', '\u0301', '\u200B', '🎉', '👨‍👩‍👧‍👦'],
];

/** What takes no longer than this is noise: what is made ready once, and where a limit cuts a text off. */
const NOISE_STEPS = 10_000;

/** Counted, not timed: a count is the same on a busy machine. */
describe('four times as long a text takes at most ten times as much work', () => {
  let counting: ChildProcess;

  before(async function () {
    this.timeout(300_000);
    const file = fileURLToPath(new URL('../../support/growth-process.ts', import.meta.url));
    // The count of a pattern's steps is a recursion.
    counting = fork(file, { execArgv: ['--stack-size=6000', '--import', 'tsx'] });
    await once(counting, 'message');
  });
  after(() => counting.kill());

  for (const what of Object.keys(works)) {
    it(`in ${what}`, async function () {
      this.timeout(300_000);
      const some = what.includes('text') ? starts : [''];
      // What is split grows only beyond the first part.
      expect(await tooMuch(what, some, what.includes('splitting') ? 10_000 : 2_000)).to.deep.equal([]);
    });
  }

  for (const what of Object.keys(quadratic)) {
    it(`and what takes more is noticed: ${what}`, async function () {
      this.timeout(300_000);
      expect(await tooMuch(what, [''], 800, ['a'])).to.have.length(2);
    });
  }

  /** The texts that take too much work, and how much. */
  async function tooMuch(what: string, some: readonly string[], length: number, of = pieces): Promise<string[]> {
    const runs = some.flatMap((start) =>
      of.flatMap((piece) => (start === '' ? ['', 'a'] : ['a']).map((end) => ({ start, piece, end }))),
    );
    const texts = runs.map(({ start, piece, end }): Question['texts'][number] => {
      const textOf = (letters: number) => start + piece.repeat(letters / piece.length) + end;
      return { short: textOf(length / 4), long: textOf(length) };
    });
    counting.send({ what, texts } satisfies Question);
    const [counts] = (await once(counting, 'message')) as [Counted[]];
    expect(counts).to.have.length(runs.length);
    return counts.flatMap((counted, at) => {
      const text = `${JSON.stringify(`${runs[at]?.start}${runs[at]?.piece}`)} again and again`;
      if ('failed' in counted) return [`${text}: ${counted.failed}`];
      const { short, long } = counted;
      // Linear is 4, quadratic 16, and the limit lies between; a pattern that hangs is far beyond.
      return long <= 10 * short + NOISE_STEPS ? [] : [`${text}: ${short}, then ${long}`];
    });
  }
});
