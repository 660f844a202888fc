import { entryNames, inDollars } from '../money.ts';
import { texts } from '../texts.ts';
import { words } from '../words.ts';
import { answer, type Command } from './command.ts';

/** What the group costs. */
export const money: readonly Command[] = [
  {
    word: 'balance',
    usage: '*balance',
    does: 'shows the balance of the account',
    permission: 'readAccount',
    needs: 'account',
    run({ membership: { roster }, context: { account } }) {
      const { name: group } = roster.group;
      if (account === null) return answer(texts.noAccount({ group }));
      const { suspended } = account;
      const put = { group, type: words.account[account.type], balance: inDollars(account.balance), suspended };
      return answer(texts.balance(put));
    },
  },
  {
    word: 'statement',
    usage: '*statement',
    does: 'shows what this month cost',
    permission: 'readAccount',
    needs: 'month',
    run({ membership: { roster }, context: { account, month } }) {
      if (account === null || month === null) return answer(texts.noAccount({ group: roster.group.name }));
      const entries = Object.entries(month.sums).map(([kind, sum]) => `${entryNames[kind] ?? kind} ${inDollars(sum)}`);
      return answer(texts.statement({ month: month.name, entries, balance: inDollars(account.balance) }));
    },
  },
];
