import { forgetPerson, whyNotForget } from '../../engine/people/forget.ts';
import { hiddenPhone } from '../../engine/people/forgotten.ts';
import { type Command, NotPossible, secretIn, sheetOf } from './command.ts';
import { tableOf } from './table.ts';

export const personForget: Command = {
  words: ['person', 'forget'],
  takes: ['<phone>'],
  changes: true,
  async asks({ args: [phone] }) {
    return `Forget ${phone}, for good: take it out of its groups, and empty what it said?`;
  },
  does: 'forgets a person: their name, what they said, what we texted them or about them, devices, sessions, password, PINs, e-mail and card go, and their memberships end. The ledger of money, consents and opt-outs stay under a keyed hash of the phone (APP_SECRET), by which a STOP holds when the phone turns up again. Not while they own a group. The audit log keeps who asked for it, and what they typed',
  examples: [
    'person forget +12015550123 --dry-run',
    'person forget +12015550123 --reason "asked by letter of 3 May" --yes',
  ],
  async run(call) {
    const { id: personId, phone, since } = await sheetOf(call, call.args[0] ?? '');
    if (phone.startsWith('~')) throw new NotPossible('They are forgotten already.');
    const secret = secretIn(call.env);
    if (secret === null) throw new NotPossible('This needs APP_SECRET, as the processes have it.');
    const why = await whyNotForget(call.db, personId);
    if (why !== null) throw new NotPossible(`${phone} ${why}.`);
    const hidden = hiddenPhone(secret, phone);
    const gone = await forgetPerson(call.db, { personId, phone, hidden, since, reason: call.reason, now: call.now });
    if (gone === null) throw new NotPossible(`${phone} joined a group meanwhile: say it again.`);
    const cells = Object.entries(gone).flatMap(([what, rows]) =>
      rows > 0 ? [[says[what] ?? what, String(rows)]] : [],
    );
    const text = [`${phone} is forgotten.`, tableOf(['gone', 'rows'], cells, { numbers: 1 }), KEPT].join('\n');
    return { text, json: { phone, hidden, gone } };
  },
};

const KEPT =
  'Processes forget what they have in memory within an hour. The card is to be deleted at the payment provider, and what it sent through the carrier at the carrier.';

/** As a person reads it. */
const says: Readonly<Record<string, string>> = {
  texts: 'texts that they said',
  ours: 'texts of ours to them alone',
  naming: 'texts of ours that name them',
  inbound: 'phones of inbound texts',
  firstTexts: 'first texts counted',
  answers: 'answers counted',
  heldTexts: 'held texts',
  news: 'news of them as a newcomer',
  names: 'names in groups',
  stagedEmails: 'e-mails of staged groups',
  accounts: 'e-mails and cards of accounts',
};
