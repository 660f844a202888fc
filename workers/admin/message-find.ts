import { findMessages } from '../../db/messages/message-search.ts';
import { readId } from '../../engine/rules/ids.ts';
import { type Command, Misuse, numberOf, sheetOf } from './command.ts';
import { tableOf } from './table.ts';
import { PERIOD, periodOf } from './times.ts';

export const messageFind: Command = {
  words: ['message', 'find'],
  takes: [],
  options: {
    '--phone <phone>': 'of a person who said it or whom it was for',
    '--number <number>': 'one of ours, through which it came or went',
    '--group <id>': 'see group find',
    '--carrier-id <id>': 'that the carrier gave to one of its texts',
    ...PERIOD,
    '--last <count>': 'how many, 20 where it is not said',
  },
  does: 'lists messages, the newest first, by whatever is named: phone, number, group, carrier id, time; texts of ours (welcomes, answers, PINs) have no group or no sender',
  examples: ['message find --phone +12015550123', 'message find --number +12015551001 --from 6h --json'],
  async run(call) {
    const { phone, number, group, carrierId, last = '20' } = call.options;
    if (!/^[1-9]\d{0,4}$/.test(last)) throw new Misuse(`"${last}" is no count.`);
    const groupId = group === undefined ? undefined : readId(group);
    if (groupId === null) throw new Misuse(`"${group}" is no id of a group.`);
    const filter = {
      ...periodOf(call),
      personId: phone === undefined ? undefined : (await sheetOf(call, phone)).id,
      numberId: number === undefined ? undefined : (await numberOf(call, number)).id,
      groupId,
      carrierId,
    };
    const messages = (await findMessages(call.db, filter, Number(last))).map(({ cancelled, ...message }) => ({
      ...message,
      cancelled: cancelled === 1,
    }));
    const cells = messages.map(({ id, acceptedAt, group, messageId, from, text, cancelled }) => [
      ...[String(id), acceptedAt.toISOString(), group ?? '', String(messageId ?? ''), from ?? ''],
      `${cancelled ? '(cancelled) ' : ''}${text.replace(/\s+/g, ' ').slice(0, 40)}`,
    ]);
    const text = tableOf(['message', 'at', 'group', 'no.', 'from', 'text'], cells, { numbers: 0 });
    return { text, json: { messages } };
  },
};
