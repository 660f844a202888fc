import { inDollars } from '../money.ts';
import { sayMonth } from '../wall-clock.ts';
import { wording } from '../wording.ts';
import { nameEntry, words } from '../words.ts';
import { answer, type CommandRows } from './command.ts';

/** What the group costs. */
export const money = {
  balance: {
    usage: '*balance',
    does: 'shows your balance',
    permission: 'readAccount',
    needs: 'account',
    run({ membership: { roster }, context: { account } }) {
      const { name: group } = roster.group;
      if (account === null) return answer(moneyTexts.noAccount({ group }));
      const { suspended } = account;
      const put = { group, type: words().account[account.type], balance: inDollars(account.balance), suspended };
      return answer(moneyTexts.balance(put));
    },
  },
  statement: {
    usage: '*statement',
    does: "shows this month's cost",
    permission: 'readAccount',
    needs: 'month',
    run({ membership: { roster }, context: { account, month } }) {
      if (account === null || month === null) return answer(moneyTexts.noAccount({ group: roster.group.name }));
      const entries = Object.entries(month.sums).map(([kind, sum]) => `${nameEntry(kind)} ${inDollars(sum)}`);
      return answer(
        moneyTexts.statement({ month: sayMonth(month.since), entries, balance: inDollars(account.balance) }),
      );
    },
  },
} satisfies CommandRows;

/** What these commands say. */
export const moneyTexts = wording({
  balance: ({
    group,
    type,
    balance,
    suspended,
  }: {
    group: string;
    type: string;
    balance: string;
    suspended: boolean;
  }) =>
    `The account for "${group}" is ${type}. Its balance is ${balance}.${suspended ? " It's used up, so the group is paused." : ''}`,
  noAccount: ({ group }: { group: string }) => `"${group}" has no account and costs nothing.`,
  statement: ({ month, entries, balance }: { month: string; entries: readonly string[]; balance: string }) =>
    `${month}: ${entries.length === 0 ? 'nothing was charged' : entries.join(', ')}. The balance is ${balance}.`,
});
