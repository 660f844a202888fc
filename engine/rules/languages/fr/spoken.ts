import type { spokenTexts as english } from '../../spoken.ts';
import type { Translated } from '../translated.ts';

export const spokenTexts: Translated<typeof english> = {
  answer: ({ name, support }) =>
    [
      `Bonjour. Ce numéro de ${name} sert aux textos de groupe. Personne ne peut vous entendre.`,
      'Pour joindre votre groupe, envoyez un texto à ce numéro.',
      "Si vous avez besoin d'aide, textez le mot aide. Pour ne plus recevoir nos textos, textez le mot arrêt.",
      ...(support === '' ? [] : [`Vous pouvez aussi nous joindre à ${support}.`]),
      'Au revoir.',
    ].join(' '),
  missed: () =>
    "Personne n'a répondu. Pour joindre votre groupe, envoyez un texto à ce numéro. Votre texto est envoyé à tout le groupe. Au revoir.",
};
