import { readBooks } from '../../db/billing/statements.ts';
import { entryNames, inDollars } from '../../engine/rules/money.ts';
import { type Command, Misuse, readMonth } from './command.ts';
import { tableOf } from './table.ts';

export const books: Command = {
  words: ['books'],
  usage: 'books [YYYY-MM]',
  does: 'shows the operator’s side of the ledger: revenue, provider, grants, adjustments, and the owners, all time or a month; what one gave the others is negative',
  examples: ['books', 'books 2026-01 --json'],
  async run({ db, rest }) {
    const [wanted] = rest;
    if (rest.length > 1) throw new Misuse('One month at most.');
    const range = wanted === undefined ? { from: new Date(0), until: new Date(FOREVER) } : readMonth(wanted);
    const lines = await readBooks(db, range);
    const owners = -lines.reduce((sum, { amount }) => sum + amount, 0);
    const rows = lines.map(({ account, kind, entries, amount }) => [
      ...[account, entryNames[kind] ?? kind],
      ...[String(entries), inDollars(amount)],
    ]);
    const text = tableOf(['account', 'what', 'entries', 'amount'], [...rows, ['owners', '', '', inDollars(owners)]]);
    return { text, json: { month: wanted ?? null, lines, owners } };
  },
};

const FOREVER = Date.UTC(9999, 0, 1);
