import { setRest } from '../../db/groups/number-settings.ts';
import { type Command, Misuse, NotPossible, numberOf } from './command.ts';

export const numberRest: Command = {
  words: ['number', 'rest'],
  takes: ['<number>', '<days>'],
  changes: true,
  does: 'lets a number rest for some days: new members get it only where nothing else is free, as with pairs that rest; those that it serves keep it. 0 ends the rest',
  examples: ['number rest +12015550123 14 --reason "many said STOP"', 'number rest +12015550123 0'],
  async run(call) {
    const [written = '', daysWritten = ''] = call.args;
    if (!/^\d{1,4}$/.test(daysWritten)) throw new Misuse(`"${daysWritten}" is no number of days.`);
    const { phone, kind, members } = await numberOf(call, written);
    if (kind !== 'pool') throw new NotPossible(`${phone} is ${kind === 'service' ? 'the service number' : 'ordered'}.`);
    const days = Number(daysWritten);
    const until = days === 0 ? null : new Date(call.now.getTime() + days * DAY_MS);
    await setRest(call.db, { phone, until });
    const text =
      until === null
        ? `${phone} does not rest.`
        : `${phone} rests until ${until.toISOString()}; it serves ${members} meanwhile.`;
    return { text, json: { phone, restsUntil: until, members } };
  },
};

const DAY_MS = 86_400_000;
