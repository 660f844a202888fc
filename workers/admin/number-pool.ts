import { readPool } from '../../db/groups/number-pool.ts';
import { settings } from '../../engine/platform/settings.ts';
import type { Command } from './command.ts';
import { tableOf } from './table.ts';

export const numberPool: Command = {
  words: ['number', 'pool'],
  takes: [],
  does: 'shows the pool: for each number that is handed out the members it serves, those of them who have left, the pairs that rest (PAIR_REST_DAYS), the phones that the carrier blocks for it, and until when it rests itself',
  examples: ['number pool', 'number pool --json'],
  async run({ db, env, now }) {
    const days = Number(env.PAIR_REST_DAYS || settings.PAIR_REST_DAYS.default);
    const numbers = await readPool(db, { restSince: new Date(now.getTime() - days * 86_400_000) });
    const cells = numbers.map(({ phone, members, left, resting, blocked, restsUntil }) => [
      ...[phone, restsUntil?.toISOString() ?? ''],
      ...[members, left, resting, blocked].map(String),
    ]);
    const text = tableOf(['number', 'rests until', 'members', 'have left', 'resting', 'blocked'], cells, {
      numbers: 4,
    });
    return { text, json: { numbers } };
  },
};
