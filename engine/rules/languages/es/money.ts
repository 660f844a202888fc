import type { moneyTexts as english } from '../../commands/money.ts';
import type { Translated } from '../translated.ts';

export const moneyTexts: Translated<typeof english> = {
  balance: ({ group, type, balance, suspended }) =>
    `La cuenta de "${group}" es ${type}. Su saldo es ${balance}.${suspended ? ' Se acabó, así que el grupo está en pausa.' : ''}`,
  noAccount: ({ group }) => `"${group}" no tiene cuenta y no cuesta nada.`,
  statement: ({ month, entries, balance }) =>
    `${month}: ${entries.length === 0 ? 'no se cobró nada' : entries.join(', ')}. El saldo es ${balance}.`,
};
