import { type ConsentLine, readConsents } from '../../db/people/consents.ts';
import { type Command, Misuse, sheetOf } from './command.ts';
import { tableOf } from './table.ts';

export const personConsents: Command = {
  words: ['person', 'consents'],
  takes: ['<phone>'],
  options: { '--last <count>': 'how many, 50 where it is not said' },
  does: 'lists what a phone was asked, agreed to, refused, left, stopped and started: when, by whom, which way and in which words. For a carrier, a lawyer, or the person',
  examples: ['person consents +12015550123', 'person consents +12015550123 --last 500 --json'],
  async run(call) {
    const { last = '50' } = call.options;
    if (!/^[1-9]\d{0,4}$/.test(last)) throw new Misuse(`"${last}" is no count.`);
    const { id, phone } = await sheetOf(call, call.args[0] ?? '');
    const found = await readConsents(call.db, { personId: id, limit: Number(last) });
    const cells = found.map((one) => [one.at.toISOString(), ...cellsOf(one, phone)]);
    return {
      text: tableOf(['when', 'what', 'of', 'by', 'way', 'words'], cells, { numbers: 0 }),
      json: { phone, consents: found },
    };
  },
};

function cellsOf({ kind, about, inGroup, number, by, way, wording, asked }: ConsentLine, phone: string): string[] {
  const of = inGroup ?? (number === null ? 'all' : `texts from ${number}`);
  return [`${kind}: ${about}`, of, by === phone ? 'self' : (by ?? ''), way, wording ?? asked ?? ''];
}
