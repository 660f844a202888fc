import type { TimeWords } from '../translated.ts';

export const times: TimeWords = {
  before: 'pour|le|a',
  every: 'chaque|tous les|toutes les',
  daily: 'quotidien|quotidiennement',
  weekly: 'du lundi au vendredi|en semaine',
  day: 'jours?',
  weekday: 'jours? (?:de semaine|ouvrables?|ouvres?)',
  days: ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'],
  and: 'et',
  at: 'a',
  time: String.raw`(?<hour>\d{1,2})(?::(?<minute>\d{2}))?`,
  clock: [
    String.raw`(?<!\bdans )\b(?<hour>\d{1,2})(?:(?::|\s?h\s?)(?<minute>\d{2})|\s?h(?:eures?)?)?\s*(?:(?<am>a\.?m\b\.?|du matin\b)|(?<pm>p\.?m\b\.?|du soir\b|de l.apres.midi\b))`,
    String.raw`(?<!\bdans )\b(?<hours>\d{1,2})\s?h(?:eures?\b|\s?(?<minutes>\d{2})\b|(?![a-z\d]))`,
    String.raw`(?<noon>(?<!apres.)\b(?:a )?midi\b)|(?<midnight>\b(?:a )?minuit\b)`,
  ].join('|'),
  dayAfterTomorrow: 'apres.demain',
};
