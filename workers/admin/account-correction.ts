import { correctAccount } from '../../engine/usecases/operating/correct-account.ts';
import { accountOf, type Call, type Command, Misuse, type Outcome } from './command.ts';

export const accountGrant: Command = {
  words: ['account', 'grant'],
  takes: ['<phone>', '<pennies>', '<reason...>'],
  changes: true,
  does: 'gives an account pennies that nobody paid; the reason stays in the ledger',
  examples: ['account grant +12015550123 1000 a gift for a patient customer'],
  run: (call) => correct(call, 1),
};

export const accountDeduct: Command = {
  words: ['account', 'deduct'],
  takes: ['<phone>', '<pennies>', '<reason...>'],
  changes: true,
  async asks({ args: [phone, pennies] }) {
    return `Take ${pennies} pennies off the account of ${phone}?`;
  },
  does: 'takes pennies off an account; the reason stays in the ledger',
  examples: ['account deduct +12015550123 250 granted twice', 'account deduct +12015550123 250 granted twice --yes'],
  run: (call) => correct(call, -1),
};

async function correct(call: Call, sign: 1 | -1): Promise<Outcome> {
  const [written = '', pennies = '', ...words] = call.args;
  const note = words.join(' ').trim();
  if (note === '') throw new Misuse('A reason is needed.');
  if (!/^[1-9]\d{0,8}$/.test(pennies)) throw new Misuse(`"${pennies}" is no number of pennies.`);
  if (note.length > REASON_LIMIT) throw new Misuse(`The reason is longer than ${REASON_LIMIT} characters.`);
  const { id: accountId, phone, personId } = await accountOf(call, written);
  const amount = sign * Number(pennies);
  const account = { id: accountId, personId };
  const balance = await correctAccount(call.db, { account, amount, note, now: call.now });
  const text = `The balance of ${phone} is ${balance} pennies now (${sign > 0 ? '+' : ''}${amount}: ${note}).`;
  return { text, json: { phone, amount, reason: note, balance } };
}

/** Of the column. */
const REASON_LIMIT = 200;
