import type { TimeWords } from '../translated.ts';

export const times: TimeWords = {
  before: 'para|el|la|las|a',
  every: 'cada|todos los|todas las',
  daily: 'diario|diariamente|a diario',
  weekly: 'de lunes a viernes|entre semana',
  day: 'dias?',
  weekday: 'dias? (?:de semana|habil(?:es)?|laboral(?:es)?)',
  days: ['domingo', 'lunes', 'martes', 'miercoles', 'jueves', 'viernes', 'sabado'],
  and: 'y|e',
  at: 'a las?',
  time: String.raw`(?<hour>\d{1,2})(?::(?<minute>\d{2}))?`,
  clock: [
    String.raw`(?<!\b(?:en|dentro de) )\b(?<hour>\d{1,2})(?::(?<minute>\d{2}))?\s*(?:(?<am>a\.?\s?m\b\.?|de la (?:manana|madrugada)\b)|(?<pm>p\.?\s?m\b\.?|de la (?:tarde|noche)\b))`,
    String.raw`(?<!\b(?:en|dentro de) )\b(?<hours>\d{1,2})\s?(?:h|hs|hrs|horas)\b(?:\s?(?<minutes>\d{2})\b)?`,
    String.raw`(?<noon>\b(?:al? )?mediodia\b)|(?<midnight>\b(?:a )?(?:la )?medianoche\b)`,
  ].join('|'),
  dayAfterTomorrow: 'pasado manana',
};
