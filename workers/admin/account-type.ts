import { setAccountType } from '../../db/billing/accounts.ts';
import { type AccountType, accountTypes } from '../../engine/rules/money.ts';
import { accountOf, type Command, Misuse } from './command.ts';

export const accountType: Command = {
  words: ['account', 'type'],
  takes: ['<phone>', '<type>'],
  changes: true,
  does: 'makes the account of a phone free (F: it is never charged), trial (T) or paid (P)',
  examples: ['account type +12015550123 F', 'account type "(201) 555-0123" P'],
  async run(call) {
    const [written = '', type = ''] = call.args;
    if (!isType(type)) throw new Misuse(`"${type}" is no account type.`);
    const { phone, type: was, balance } = await accountOf(call, written);
    await setAccountType(call.db, { phone, type });
    const text = `The account of ${phone} is of type ${type} (it was ${was}); its balance is ${balance} pennies.`;
    return { text, json: { phone, type, was, balance } };
  },
};

function isType(text: string): text is AccountType {
  return accountTypes.some((type) => type === text);
}
