import path from 'node:path';
import { expect } from 'chai';
import { DatabaseUnavailable } from '../db/connect.ts';
import { missingCells } from './support/dialogue-matrix.ts';
import { play } from './support/dialogue-player.ts';
import { type Dialogue, parseDialogues, readDialogues } from './support/dialogues.ts';
import { everyCommand } from './support/every-command.ts';
import { openWorld, type World } from './support/world.ts';

/** What people text and get back, told in plain lines: see test/dialogues/README.txt. */
const told = [...readDialogues(path.join(import.meta.dirname, 'dialogues')), ...everyCommand()];
const only = process.env.DIALOGUES;
const dialogues = only === undefined ? told : told.filter(({ file }) => file.startsWith(only));

/** Each has phones and groups of its own, so many are played at the same time. */
const AT_ONCE = 32;

describe('dialogues', () => {
  let world: World;
  const outcomes = new Map<Dialogue, Promise<void>>();

  before(async () => {
    world = await openWorld({ env: { INBOUND_PER_MINUTE: '30' }, simulator: { reporting: 'final' } });
    const waiting = [...dialogues];
    const resolvers = new Map(
      dialogues.map((dialogue) => {
        const { promise, ...settle } = later();
        outcomes.set(dialogue, promise);
        return [dialogue, settle] as const;
      }),
    );
    for (let at = 0; at < AT_ONCE; at++) void work();

    async function work(): Promise<void> {
      for (let dialogue = waiting.shift(); dialogue !== undefined; dialogue = waiting.shift()) {
        const settle = resolvers.get(dialogue);
        await playInTime(world, dialogue).then(settle?.resolve, settle?.reject);
      }
    }
  });
  after(() => world?.close());

  it('are many', () => {
    expect(told.length).to.be.at.least(120);
  });

  it('show every command by owner, member, who left, said STOP or is a stranger, in every kind of group', () => {
    expect(missingCells(told)).to.deep.equal([]);
  });

  it('would be noticed to lack one', () => {
    const rest = told.filter(({ title }) => title !== '*mute by those outside, everywhere');
    expect(missingCells(rest)).to.include.members(['*mute by left (suspended)', '*mute by stranger (staged)']);
  });

  for (const [what, line] of [
    ['what is missing', '    Ann: Bob: Hello\n    Bob: Hello'],
    ['what is too much', '    nobody'],
    ['other words', '    Ann: Bob: Goodbye'],
    ['the wrong number', '    Ann from service: Bob: Hello'],
    ['that nothing is said of what arrives', ''],
  ] as const) {
    it(`notice ${what}`, async () => {
      const told = `== A slip\nGroup Hikers: Ann, Bob\nBob -> Hikers: Hello\n${line}`;
      const [slip] = parseDialogues(told, 'a slip');
      const failed = await play(world, slip as Dialogue).catch((error: Error) => error.message);
      expect(failed).to.match(/^a slip:3: /);
    });
  }

  for (const dialogue of dialogues) {
    it(`${dialogue.file}: ${dialogue.title}`, async () => {
      await outcomes.get(dialogue);
    });
  }
});

/** Again, by other people, where MySQL had no time for what the test itself asks of it. */
async function playInTime(world: World, dialogue: Dialogue, again = 3): Promise<void> {
  return play(world, dialogue).catch((error: unknown) => {
    if (again === 0 || !(error instanceof DatabaseUnavailable)) throw error;
    return playInTime(world, dialogue, again - 1);
  });
}

function later(): { promise: Promise<void>; resolve: () => void; reject: (why: unknown) => void } {
  let resolve: () => void = () => undefined;
  let reject: (why: unknown) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Looked at by its own test, later.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
