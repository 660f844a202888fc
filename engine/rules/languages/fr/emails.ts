import type { emailTexts as english } from '../../email-templates.ts';
import type { Translated } from '../translated.ts';

export const emailTexts: Translated<typeof english> = {
  receiptSubject: ({ amount }) => `Votre paiement de ${amount} pour vos textos de groupe`,
  paid: ({ amount, day }) => `Merci! Voici votre reçu : vous avez payé ${amount} le ${day} (UTC).`,
  paidByCard: ({ amount, day, brand, last4 }) =>
    `Merci! Voici votre reçu : vous avez payé ${amount} avec la ${brand} se terminant par ${last4} le ${day} (UTC).`,
  balance: ({ balance }) => `Votre solde de textos de groupe est maintenant de ${balance}.`,
  pausedSubject: () => 'Vos groupes sont en pause',
  lowSubject: ({ balance }) => `Il reste ${balance} pour vos textos de groupe`,
  paused: ({ balance }) =>
    `Votre solde de textos de groupe est épuisé (${balance}) : vos groupes sont en pause et leurs textos ne partent pas.`,
  payToResume: () => "Payez dans l'appli pour les réactiver.",
  low: ({ balance }) =>
    `Il reste ${balance} à votre solde de textos de groupe. Une fois épuisé, vos groupes sont en pause et leurs textos ne partent pas.`,
  payToKeep: () => "Payez dans l'appli pour les garder actifs.",
};
