import { expect } from 'chai';
import { keywordOf } from '../../../engine/rules/keywords.ts';
import { cleanMessage, cleanText, nameKey } from '../../../engine/rules/names.ts';
import { route } from '../../../engine/rules/route.ts';
import { countSegments } from '../../../engine/rules/segments.ts';
import { splitAnswer, splitDelivered, toGsm } from '../../../engine/rules/text.ts';
import { memberOf, sceneOf, serviceSenderOf } from '../../support/scenes.ts';

const member = memberOf({ owner: true });
const works: Record<string, (text: string) => unknown> = {
  'cleaning a message': cleanMessage,
  'cleaning a name': cleanText,
  'the key of a name': nameKey,
  'looking for a keyword': keywordOf,
  'counting segments': countSegments,
  'making it GSM-7': toGsm,
  'splitting a message': splitDelivered,
  'splitting an answer': splitAnswer,
  'a member’s text': (text) => route(sceneOf({ text: cleanMessage(text), sender: member })),
  'a text to the service number': (typed) => {
    const text = cleanMessage(typed);
    return route(sceneOf({ text, sender: serviceSenderOf(text, true) }));
  },
};
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

/** Short enough to be noise, whatever else the machine does. */
const NOISE_MS = 8;

/** In processor time of this process, and the least of several tries, one to the other: so a busy machine changes nothing. */
describe('four times as long a text takes at most ten times as long', () => {
  for (const [what, work] of Object.entries(works)) {
    it(`in ${what}`, function () {
      this.timeout(60_000);
      for (const start of what.includes('text') ? starts : ['']) {
        for (const piece of pieces)
          for (const end of start === '' ? ['', 'a'] : ['a']) check(work, { start, piece, end });
      }
    });
  }
});

function check(work: (text: string) => unknown, { start, piece, end }: { start: string; piece: string; end: string }) {
  const textOf = (length: number) => start + piece.repeat(length / piece.length) + end;
  const [short, long] = [textOf(2_500), textOf(10_000)];
  if (quickest(work, long, 1) <= NOISE_MS) return;
  const took = { short: quickest(work, short, 4), long: quickest(work, long, 3) };
  // Linear is 4, quadratic 16, and the limit lies between; a pattern that hangs is far beyond.
  expect(took.long, `${JSON.stringify(start + piece)} again and again`).to.be.at.most(10 * took.short + NOISE_MS);
}

function quickest(work: (text: string) => unknown, text: string, tries: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let at = 0; at < tries; at++) {
    const before = process.cpuUsage();
    work(text);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}
