import { listEntries } from '../../db/billing/entries.ts';
import { readId } from '../../engine/rules/ids.ts';
import { inDollars } from '../../engine/rules/money.ts';
import { nameEntry } from '../../engine/rules/words.ts';
import { accountOf, type Command, Misuse } from './command.ts';
import { tableOf } from './table.ts';

export const accountLedger: Command = {
  words: ['account', 'ledger'],
  takes: ['<phone>'],
  options: { '--after <entry>': 'the id of the last one of the page before' },
  does: 'lists the entries of an account one by one, the oldest first, 200 a page',
  examples: ['account ledger +12015550123', 'account ledger +12015550123 --after 4711 --json'],
  async run(call) {
    const { after = '0' } = call.options;
    const afterId = readId(after);
    if (afterId === null) throw new Misuse(`"${after}" is no id of an entry.`);
    const { id: accountId } = await accountOf(call, call.args[0] ?? '');
    const entries = await listEntries(call.db, {
      accountId,
      afterId,
      limit: A_PAGE,
    });
    const cells = entries.map(({ id, at, kind, note, amount }) => [
      ...[String(id), at.toISOString(), note === null ? nameEntry(kind) : `${nameEntry(kind)}: ${note}`],
      inDollars(amount),
    ]);
    return { text: tableOf(['entry', 'at', 'what', 'amount'], cells, { numbers: 1 }), json: { entries } };
  },
};

const A_PAGE = 200;
