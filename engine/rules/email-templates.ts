import { inDollars } from './money.ts';
import { prose } from './wording.ts';

/** What we write to owners by email, in the language that is spoken. Amounts are pennies. */
export type EmailContent = { subject: string; text: string };

export const emailTemplates = {
  receipt: ({ amount, card, at, balance }: Receipt): EmailContent => ({
    subject: emailTexts.receiptSubject({ amount: inDollars(amount) }),
    text: lines(
      card === null
        ? emailTexts.paid({ amount: inDollars(amount), day: dayOf(at) })
        : emailTexts.paidByCard({ ...card, amount: inDollars(amount), day: dayOf(at) }),
      emailTexts.balance({ balance: inDollars(balance) }),
    ),
  }),
  lowBalance: ({ balance, suspended }: { balance: number; suspended: boolean }): EmailContent => ({
    subject: suspended ? emailTexts.pausedSubject() : emailTexts.lowSubject({ balance: inDollars(balance) }),
    text: suspended
      ? lines(emailTexts.paused({ balance: inDollars(balance) }), emailTexts.payToResume())
      : lines(emailTexts.low({ balance: inDollars(balance) }), emailTexts.payToKeep()),
  }),
};

/** `card`: null where it is not known. */
type Receipt = { amount: number; card: { brand: string; last4: string } | null; at: Date; balance: number };

/** The sentences of emails. */
export const emailTexts = prose({
  receiptSubject: ({ amount }: { amount: string }) => `Your payment of ${amount} for group texting`,
  paid: ({ amount, day }: { amount: string; day: string }) =>
    `Thanks! Here's your receipt: you paid ${amount} on ${day} (UTC).`,
  paidByCard: ({ amount, day, brand, last4 }: { amount: string; day: string; brand: string; last4: string }) =>
    `Thanks! Here's your receipt: you paid ${amount} with ${brand} ending in ${last4} on ${day} (UTC).`,
  balance: ({ balance }: { balance: string }) => `Your group texting balance is now ${balance}.`,
  pausedSubject: () => 'Your groups are paused',
  lowSubject: ({ balance }: { balance: string }) => `${balance} left for group texting`,
  paused: ({ balance }: { balance: string }) =>
    `Your group texting balance is used up (${balance}), so your groups are paused and texts to them don't go out.`,
  payToResume: () => 'Pay in the app to turn them back on.',
  low: ({ balance }: { balance: string }) =>
    `Your group texting balance is down to ${balance}. When it runs out, your groups are paused and texts to them don't go out.`,
  payToKeep: () => 'Pay in the app to keep them on.',
});

function lines(...texts: string[]): string {
  return `${texts.join('\n\n')}\n`;
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
