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
    subject: `Your payment of ${inDollars(amount)} for group texts`,
    text: lines(
      `Thank you. This is your receipt: ${inDollars(amount)} paid${card === null ? '' : ` with ${card}`} on ${dayOf(at)} (UTC).`,
      `Your account for group texts has ${inDollars(balance)} now.`,
    ),
  }),
  lowBalance: ({ balance, suspended }: { balance: number; suspended: boolean }): EmailContent => ({
    subject: suspended ? 'Your groups are paused' : `${inDollars(balance)} left for group texts`,
    text: suspended
      ? lines(
          `Your account for group texts is used up (${inDollars(balance)}), so your groups are paused: no text to them is delivered.`,
          'A payment in the app turns them on again.',
        )
      : lines(
          `Your account for group texts has ${inDollars(balance)} left. When it is used up, your groups are paused: no text to them is delivered.`,
          'A payment in the app prevents that.',
        ),
  }),
};

function lines(...texts: string[]): string {
  return `${texts.join('\n\n')}\n`;
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
