import { listNumbers } from '../../db/groups/number-settings.ts';
import type { Command } from './command.ts';
import { tableOf } from './table.ts';

export const numberList: Command = {
  words: ['number', 'list'],
  takes: [],
  does: 'lists our numbers: what each is for (retired ones get no new members), its carrier, its class (long, tollfree, short), its 10DLC campaign, its id in the log, and how many members it serves',
  examples: ['number list', 'number list --json'],
  async run({ db }) {
    const numbers = (await listNumbers(db)).map(({ retired, ...number }) => ({ ...number, retired: retired === 1 }));
    const cells = numbers.map(({ id, phone, kind, retired, carrier, class: numberClass, campaign, members }) => [
      ...[phone, retired ? `${kind} (retired)` : kind, carrier, numberClass, campaign ?? ''],
      ...[String(id), String(members)],
    ]);
    const text = tableOf(['number', 'for', 'carrier', 'class', 'campaign', 'id', 'members'], cells);
    return { text, json: { numbers } };
  },
};
