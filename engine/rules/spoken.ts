import { prose } from './wording.ts';

/**
 * What somebody hears who calls one of our numbers, in the language that is spoken: no name of a group, since caller ids can be made
 * up, and who a group is is nobody else's business. Short sentences, no figures, no signs: a machine reads it aloud.
 */
export const spokenTexts = prose({
  /** Who is not forwarded, member or stranger. */
  answer: ({ name, support }: { name: string; support: string }) =>
    [
      `Hello. This number of ${name} is for group text messages. Nobody can hear you.`,
      'To reach your group, send a text message to this number.',
      'For help, text the word help. To get no more texts from us, text the word stop.',
      ...(support === '' ? [] : [`You can also reach us at ${support}.`]),
      'Goodbye.',
    ].join(' '),
  /** Whose call was forwarded, and nobody picked up. */
  missed: () =>
    'Nobody picked up. To reach your group, send a text message to this number. Your text goes to everybody in the group. Goodbye.',
});
