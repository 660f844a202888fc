import type { emailTexts as english } from '../../email-templates.ts';
import type { Translated } from '../translated.ts';

export const emailTexts: Translated<typeof english> = {
  receiptSubject: ({ amount }) => `Tu pago de ${amount} para mensajes de grupo`,
  paid: ({ amount, day }) => `¡Gracias! Este es tu recibo: pagaste ${amount} el ${day} (UTC).`,
  paidByCard: ({ amount, day, brand, last4 }) =>
    `¡Gracias! Este es tu recibo: pagaste ${amount} con la ${brand} terminada en ${last4} el ${day} (UTC).`,
  balance: ({ balance }) => `Tu saldo para mensajes de grupo es ahora ${balance}.`,
  pausedSubject: () => 'Tus grupos están en pausa',
  lowSubject: ({ balance }) => `Quedan ${balance} para mensajes de grupo`,
  paused: ({ balance }) =>
    `Se acabó tu saldo para mensajes de grupo (${balance}): tus grupos están en pausa y sus mensajes no salen.`,
  payToResume: () => 'Paga en la app para reactivarlos.',
  low: ({ balance }) =>
    `Tu saldo para mensajes de grupo bajó a ${balance}. Cuando se acabe, tus grupos quedan en pausa y sus mensajes no salen.`,
  payToKeep: () => 'Paga en la app para que sigan.',
};
