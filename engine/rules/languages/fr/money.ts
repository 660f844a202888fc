import type { moneyTexts as english } from '../../commands/money.ts';
import type { Translated } from '../translated.ts';

export const moneyTexts: Translated<typeof english> = {
  balance: ({ group, type, balance, suspended }) =>
    `Le compte de "${group}" est ${type}. Son solde est ${balance}.${suspended ? ' Il est épuisé : le groupe est en pause.' : ''}`,
  noAccount: ({ group }) => `"${group}" n'a pas de compte et ne coûte rien.`,
  statement: ({ month, entries, balance }) =>
    `${month} : ${entries.length === 0 ? "rien n'a été facturé" : entries.join(', ')}. Le solde est ${balance}.`,
};
