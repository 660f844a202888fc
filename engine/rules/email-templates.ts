import { inDollars } from './money.ts';

/** What we write to owners by email. Amounts are pennies. */
export type EmailContent = { subject: string; text: string };

export const emailTemplates = {
  receipt: ({
    amount,
    card,
    at,
    balance,
  }: {
    amount: number;
    card: string | null;
    at: Date;
    balance: number;
  }): EmailContent => ({
    subject: `Your payment of ${inDollars(amount)} for group texting`,
    text: lines(
      `Thanks! Here's your receipt: you paid ${inDollars(amount)}${card === null ? '' : ` with ${card}`} on ${dayOf(at)} (UTC).`,
      `Your group texting balance is now ${inDollars(balance)}.`,
    ),
  }),
  lowBalance: ({ balance, suspended }: { balance: number; suspended: boolean }): EmailContent => ({
    subject: suspended ? 'Your groups are paused' : `${inDollars(balance)} left for group texting`,
    text: suspended
      ? lines(
          `Your group texting balance is used up (${inDollars(balance)}), so your groups are paused and texts to them don't go out.`,
          'Pay in the app to turn them back on.',
        )
      : lines(
          `Your group texting balance is down to ${inDollars(balance)}. When it runs out, your groups are paused and texts to them don't go out.`,
          'Pay in the app to keep them on.',
        ),
  }),
};

function lines(...texts: string[]): string {
  return `${texts.join('\n\n')}\n`;
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
