import { readAudit } from '../../db/audit.ts';
import { type Command, Misuse } from './command.ts';
import { tableOf } from './table.ts';

export const audit: Command = {
  words: ['audit'],
  takes: [],
  options: { '--last <count>': 'how many, 20 where it is not said' },
  does: 'lists what operators did, the newest first: when, who, what and why. One that is still "begun" died half-way',
  examples: ['audit', 'audit --last 100 --json'],
  async run({ db, options }) {
    const { last = '20' } = options;
    if (!/^[1-9]\d{0,4}$/.test(last)) throw new Misuse(`"${last}" is no count.`);
    const acts = (await readAudit(db, Number(last))).map(({ beganAt, words, ...act }) => ({
      ...{ at: beganAt.toISOString(), ...act },
      words: JSON.parse(words) as string[],
    }));
    const cells = acts.map(({ at, who, act, words, reason, outcome }) => [
      ...[at, who, [act, ...words].join(' ')],
      ...[reason ?? '', outcome],
    ]);
    return { text: tableOf(['when', 'who', 'what', 'why', 'outcome'], cells, { numbers: 0 }), json: { acts } };
  },
};
