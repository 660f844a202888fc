import { expect } from 'chai';
import fc from 'fast-check';
import { isCommand } from '../../../engine/rules/commands.ts';
import type { Effect } from '../../../engine/rules/effects.ts';
import { keywords } from '../../../engine/rules/keywords.ts';
import { cleanMessage } from '../../../engine/rules/names.ts';
import { readReaction } from '../../../engine/rules/reactions.ts';
import { route, type Sender } from '../../../engine/rules/route.ts';
import { countSegments, lengthOnAir } from '../../../engine/rules/segments.ts';
import { splitAnswer, splitDelivered } from '../../../engine/rules/text.ts';
import { listText, ordinarySentences, reactionText, signedText } from '../../support/handset-texts.ts';
import { context, memberOf, sceneOf, senders, serviceSenderOf } from '../../support/scenes.ts';
import { wildText } from '../../support/wild-texts.ts';

/** `npm run test:fuzz` sets FUZZ_TEXTS to 100,000; FUZZ_SEED=… repeats a run. */
const runs = Number(process.env.FUZZ_TEXTS ?? 15_000);
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

const offer = { lost: false, isNext: true };
const wide = ['👨‍👩‍👧‍👦'.repeat(4), 'W'.repeat(30), '€'.repeat(30)];
const everybody: Sender[] = [
  ...senders({}),
  ...senders({ left: true }),
  ...senders({ owner: true }),
  memberOf({ group: { replyToOwner: true } }),
  memberOf({ context: { ...context, offer } }),
  memberOf({ group: { disableWho: true, disableAdd: true } }),
  memberOf({ owner: true, group: { name: 'Группа друзей нашего города ЖЖ', digest: true }, names: wide }),
  memberOf({ group: { name: '€'.repeat(30) }, names: wide }),
];

describe(`${runs} random and mutated texts (FUZZ_SEED=${seed})`, () => {
  it('break nothing, deliver no keyword, and make no text over the limits', function () {
    this.timeout(90_000 + runs * 5);
    const circumstances = fc.record({
      typed: wildText,
      who: fc.nat(),
      blocked: fc.boolean(),
      pictures: fc.constantFrom(0, 0, 0, 1, 10),
    });
    const property = fc.property(circumstances, ({ typed, who, blocked, pictures }) => {
      const text = cleanMessage(typed);
      expect(text).to.not.match(/(?!\n)\p{Cc}|\p{Cs}/u);
      const sender = everybody[who % everybody.length] as Sender;
      const scene = sceneOf({
        text,
        sender: sender.kind === 'service' ? serviceSenderOf(text, sender.context.draft !== null) : sender,
        blocked,
      });
      const media = Array.from({ length: pictures }, (_, at) => `https://media.example/${at}`);
      const effects = route({ ...scene, said: { ...scene.said, media } });
      const keyword = plainKeyword(text);
      if (keyword === 'stop' || keyword === 'help' || (keyword === 'start' && blocked))
        expect(effects.map(({ kind }) => kind)).to.not.include.members(['say']);
      for (const effect of effects) check(effect, text);
    });
    fc.assert(property, { seed, numRuns: runs });
  });
});

const handsetRuns = Number(process.env.FUZZ_TEXTS ?? 2_000);

describe(`${handsetRuns} texts as handsets write them (FUZZ_SEED=${seed})`, () => {
  const heard = (typed: string, sender: Sender) => {
    const scene = sceneOf({ text: cleanMessage(typed), sender });
    return route({ ...scene, said: { ...scene.said, reaction: readReaction(typed) } });
  };
  const anybody = [memberOf({}), memberOf({ owner: true }), memberOf({ group: { replyToOwner: true } })];
  const whoever = fc.constantFrom(
    ...anybody,
    ...anybody.map((one) => ({ ...one, context: { ...context, quoted: 7 } })),
  );

  it('deliver no reaction, in ten languages', function () {
    this.timeout(90_000 + handsetRuns * 5);
    const property = fc.property(reactionText, whoever, (typed, sender) => {
      for (const { kind } of heard(typed, sender)) expect(kind, typed).to.equal('react');
    });
    fc.assert(property, { seed, numRuns: Math.ceil(handsetRuns / 2) });
  });

  it('tear no character, and break nothing, with lists and signatures', function () {
    this.timeout(90_000 + handsetRuns * 20);
    const text = fc.oneof(listText, { arbitrary: signedText, weight: 2 });
    const property = fc.property(text, whoever, (typed, sender) => {
      for (const effect of heard(typed, sender)) {
        check(effect, cleanMessage(typed));
        if (effect.kind === 'say') isWhole(effect.text);
      }
      const service = serviceSenderOf(cleanMessage(typed), true);
      for (const effect of heard(typed, service)) check(effect, cleanMessage(typed));
    });
    fc.assert(property, { seed, numRuns: Math.ceil(handsetRuns / 2) });
  });

  it(`deliver ${ordinarySentences.length} ordinary sentences that begin like a reaction`, () => {
    expect(ordinarySentences.length).to.be.at.least(2_000);
    const kept = ordinarySentences.filter((typed) => !heard(typed, memberOf({})).some(({ kind }) => kind === 'say'));
    expect(kept).to.deep.equal([]);
  });
});

/** No character as people see them begins in one part and ends in the next. */
function isWhole(text: string): void {
  const parts = splitDelivered(text);
  if (parts.length === 1) return;
  const sender = text.slice(0, text.indexOf(':'));
  const said = parts.map((part, at) => {
    const head = `${sender} (${at + 1}/${parts.length}): `;
    expect(part.startsWith(head), part.slice(0, 60)).to.equal(true);
    return part.slice(head.length);
  });
  const characters = (of: string) =>
    Array.from(graphemes.segment(of.replace(/\s/g, '')), (one) => one.segment).join('|');
  expect(said.map(characters).join('|')).to.equal(characters(text.slice(sender.length + 1)));
}

const graphemes = new Intl.Segmenter();

/** What the table says, read in the simplest way: only letters count, and nothing may follow but signs. */
function plainKeyword(text: string): keyof typeof keywords | undefined {
  const letters = text.toUpperCase().replace(/[ !-/:-@[-`{-~]+$/, '');
  return (['stop', 'start', 'help'] as const).find((kind) => keywords[kind].some((word) => word === letters));
}

function check(effect: Effect, text: string): void {
  switch (effect.kind) {
    case 'say':
      if (!isCommand(text))
        expect(effect.text).to.match(/^(Ann|Bob|Cy Young|W{30}|\p{Extended_Pictographic}.*):( |$|\n)/u);
      fits(splitDelivered(effect.text), effect.text, { 'GSM-7': 1_600, 'UCS-2': 700 });
      break;
    case 'answer':
    case 'hint':
    case 'tellOwner':
      if (/^(Commands in ".*":\n|".*" has \d+ p)/u.test(effect.text))
        fits(splitAnswer(effect.text), effect.text, { 'GSM-7': 1_500, 'UCS-2': 700 });
      else expect(countSegments(effect.text).segments, effect.text).to.be.at.most(2);
      break;
    case 'add':
      isName(effect.name);
      break;
    case 'setMember':
    case 'setGroup':
      isName(effect.patch.name ?? null);
      break;
    case 'saveDraft':
      for (const name of [effect.draft.group, ...effect.draft.members.map((member) => member.name)]) isName(name);
      break;
  }
}

function fits(parts: readonly string[], whole: string, limits: Record<'GSM-7' | 'UCS-2', number>): void {
  const { encoding } = lengthOnAir(whole);
  for (const part of parts) {
    expect(encoding === 'GSM-7' ? lengthOnAir(part).length : part.length).to.be.at.most(limits[encoding]);
    expect(part).to.not.match(/\p{Cs}/u);
  }
}

function isName(name: string | null): void {
  if (name !== null) expect(Array.from(name).length, name).to.be.within(1, 30);
}
