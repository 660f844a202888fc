import { rosterOf } from '../../support/scenes.ts';
import { playChat, readShape, SHAPES } from '../bundling-model.ts';
import type { Case } from '../case.ts';

export const AT_ONCE = 'segments of 100 texts to one member, each at once';
export const IN_BATCHES = 'segments of 100 texts to one member, batches on';

/** What batches save on recorded shapes of chat: counted by the engine’s rules, so the same on every machine. */
export const batches: Case = {
  name: 'batches',
  reporting: 'none',
  warmUps: 0,
  mostRounds: 1,
  title: 'Segments of a chat, with and without one text for several',
  async prepare() {
    return SHAPES.map((name) => ({
      name,
      async round() {
        const shape = readShape(name);
        const { group, members } = rosterOf(Array.from({ length: shape.members }, (_, at) => `Member ${at + 1}`));
        const [atOnce, inBatches] = [false, true].map((on) => playChat(group, members, shape, on));
        const each = shape.texts.length * (shape.members - 1);
        return {
          [AT_ONCE]: (100 * (atOnce?.segments ?? 0)) / each,
          [IN_BATCHES]: (100 * (inBatches?.segments ?? 0)) / each,
          'texts that arrive of 100, batches on': (100 * (inBatches?.texts ?? 0)) / each,
          's that a text waits at most': (inBatches?.longestMs ?? 0) / 1_000,
        };
      },
    }));
  },
  ratios: [],
};
