import { readStatement } from '../../db/billing/statements.ts';
import { inDollars } from '../../engine/rules/money.ts';
import { nameEntry } from '../../engine/rules/words.ts';
import { accountOf, type Command, readMonth } from './command.ts';
import { tableOf } from './table.ts';

export const accountStatement: Command = {
  words: ['account', 'statement'],
  takes: ['<phone>', '[month]'],
  does: 'shows what an account was charged and paid in a month, day by day; this month where none is named',
  examples: ['account statement +12015550123 2026-01', 'account statement +12015550123 --json'],
  async run(call) {
    const [written = '', wanted = call.now.toISOString().slice(0, 7)] = call.args;
    const { month, from, until } = readMonth(wanted);
    const { id: accountId, phone, type } = await accountOf(call, written);
    const { opening, lines } = await readStatement(call.db, { accountId, from, until });
    const closing = lines.reduce((sum, { amount }) => sum + amount, opening);
    const rows = lines.map(({ day, kind, note, entries, amount }) => [
      ...[day, note === null ? nameEntry(kind) : `${nameEntry(kind)}: ${note}`],
      ...[String(entries), inDollars(amount)],
    ]);
    const title = `${phone} (${type}), ${month}, UTC`;
    const body = [['', 'before', '', inDollars(opening)], ...rows, ['', 'after', '', inDollars(closing)]];
    const text = `${title}\n${tableOf(['day', 'what', 'entries', 'amount'], body)}`;
    return { text, json: { phone, type, month, opening, lines, closing } };
  },
};
