import { findPhonesWith } from '../../db/people/person-lookup.ts';
import { type Command, Misuse } from './command.ts';
import { tableOf } from './table.ts';

export const personFind: Command = {
  words: ['person', 'find'],
  takes: ['<digits>'],
  does: 'lists the phones that we know and that hold these digits, 20 at most, with the name that each used last',
  examples: ['person find 5550123', 'person find "555-01" --json'],
  async run({ db, args: [written = ''] }) {
    const digits = written.replace(/\D/g, '');
    if (digits.length < FEWEST) throw new Misuse(`At least ${FEWEST} digits are needed.`);
    const found = await findPhonesWith(db, { digits, limit: MOST });
    const people = found.map(({ isBlocked, ...person }) => ({ ...person, blocked: isBlocked === 1 }));
    const cells = people.map(({ phone, name, blocked }) => [phone, name ?? '', blocked ? 'blocked' : '']);
    return { text: tableOf(['phone', 'name', ''], cells, { numbers: 0 }), json: { people } };
  },
};

const FEWEST = 4;
const MOST = 20;
