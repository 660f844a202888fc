import { readBooks, readCarrierCosts } from '../../db/billing/statements.ts';
import { inDollars } from '../../engine/rules/money.ts';
import { nameEntry } from '../../engine/rules/words.ts';
import { type Command, readMonth } from './command.ts';
import { tableOf } from './table.ts';

export const books: Command = {
  words: ['books'],
  takes: ['[month]'],
  does: 'shows the operator’s side of the ledger: revenue, provider, grants, adjustments, and the owners, all time or a month; what one gave the others is negative. Below it what the carriers charged for the texts of that time, as far as they said so, and the margin: revenue less that',
  examples: ['books', 'books 2026-01 --json'],
  async run({ db, args: [wanted] }) {
    const range = wanted === undefined ? { from: new Date(0), until: new Date(FOREVER) } : readMonth(wanted);
    const lines = await readBooks(db, range);
    const owners = -lines.reduce((sum, { amount }) => sum + amount, 0);
    const costs = await readCarrierCosts(db, range);
    const revenue = lines.reduce((sum, { account, amount }) => sum + (account === 'revenue' ? amount : 0), 0);
    const carriers = { texts: costs.texts, cost: costs.hundredths / 100, margin: revenue - costs.hundredths / 100 };
    const rows = lines.map(({ account, kind, entries, amount }) => [
      ...[account, nameEntry(kind)],
      ...[String(entries), inDollars(amount)],
    ]);
    const below = [
      ['owners', '', '', inDollars(owners)],
      ['carriers', 'cost of texts', String(carriers.texts), exactly(-carriers.cost)],
      ['', 'margin', '', exactly(carriers.margin)],
    ];
    const text = tableOf(['account', 'what', 'entries', 'amount'], [...rows, ...below]);
    return { text, json: { month: wanted ?? null, lines, owners, carriers } };
  },
};

/** Pennies with their fractions: carriers charge hundredths of them. */
function exactly(pennies: number): string {
  return `${pennies < 0 ? '-' : ''}$${(Math.abs(pennies) / 100).toFixed(4)}`;
}

const FOREVER = Date.UTC(9999, 0, 1);
