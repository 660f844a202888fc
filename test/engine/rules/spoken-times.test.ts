import { expect } from 'chai';
import type { Language } from '../../../engine/rules/languages/language.ts';
import { speakIn } from '../../../engine/rules/languages/speaking.ts';
import { readSpokenTime } from '../../../engine/rules/spoken-times.ts';

/** A Sunday, 3 pm in New York. */
const now = Date.UTC(2026, 10, 29, 20);
const zone = 'America/New_York';
const read = (typed: string, at = now, where = zone) => readSpokenTime(typed, { now: at, zone: where });

describe('a time as people say it', () => {
  for (const [typed, at, text] of [
    ['tomorrow 7pm Bring water', '2026-12-01T00:00Z', 'Bring water'],
    ['tomorrow at 7 pm: Bring water', '2026-12-01T00:00Z', 'Bring water'],
    ['7pm Bring 3 bottles', '2026-11-30T00:00Z', 'Bring 3 bottles'],
    ['at 9am Late already, so tomorrow', '2026-11-30T14:00Z', 'Late already, so tomorrow'],
    ['Friday 9am Friday is here', '2026-12-04T14:00Z', 'Friday is here'],
    ['next tue 18:30 - go', '2026-12-01T23:30Z', 'go'],
    ['on Dec 24 at noon lunch', '2026-12-24T17:00Z', 'lunch'],
    ['12/24 6pm Party', '2026-12-24T23:00Z', 'Party'],
    ['2027-07-04 21:00 Fireworks', '2027-07-05T01:00Z', 'Fireworks'],
    ['in 2 hours Hi', '2026-11-29T22:00Z', 'Hi'],
    ['in 30 minutes\nLine one\nLine two', '2026-11-29T20:30Z', 'Line one\nLine two'],
    ['tomorrow 7pm PST Call', '2026-12-01T03:00Z', 'Call'],
    ['tomorrow 7pm', '2026-12-01T00:00Z', ''],
  ] as const) {
    it(typed, () => expect(read(typed)).to.deep.equal({ at: Date.parse(at), repeat: null, text }));
  }

  for (const [typed, at, days, minute, text] of [
    ['every Tue 18:00 Practice', '2026-12-01T23:00Z', [2], 1080, 'Practice'],
    ['every Sunday at 6pm Again', '2026-11-29T23:00Z', [0], 1080, 'Again'],
    ['every Sunday at 2pm Again', '2026-12-06T19:00Z', [0], 840, 'Again'],
    ['every Mon and Thu 7:30 am: Bus', '2026-11-30T12:30Z', [1, 4], 450, 'Bus'],
    ['every day at noon Eat', '2026-11-30T17:00Z', [0, 1, 2, 3, 4, 5, 6], 720, 'Eat'],
    ['each weekday 7a.m. Up', '2026-11-30T12:00Z', [1, 2, 3, 4, 5], 420, 'Up'],
    ['daily 12 am Night', '2026-11-30T05:00Z', [0, 1, 2, 3, 4, 5, 6], 0, 'Night'],
  ] as const) {
    it(typed, () => {
      expect(read(typed)).to.deep.equal({ at: Date.parse(at), repeat: { days, minute, zone }, text });
    });
  }

  for (const typed of [
    'tomorrow Bring water',
    'Bring water tomorrow 7pm',
    'yesterday 7pm Hi',
    '2020-01-01 10:00 Hi',
    'every Tue Hi',
    'every 2 weeks 7pm Hi',
    'every Tue 25:00 Hi',
    'every Tue 13pm Hi',
    'every time 7pm Hi',
    'Hi',
    '',
    '*'.repeat(5_000),
    `every ${'mon '.repeat(2_000)}7pm Hi`,
  ])
    it(`not ${JSON.stringify(typed.slice(0, 40))}`, () => expect(read(typed)).to.equal(null));

  it('keeps its hour where the clocks change meanwhile, and its length where a length is said', () => {
    const eve = Date.UTC(2026, 9, 31, 22);
    expect(read('tomorrow 6pm Hi', eve)?.at).to.equal(Date.UTC(2026, 10, 1, 23));
    const late = Date.UTC(2026, 10, 1, 5, 30);
    expect(read('in 2 hours Hi', late)?.at).to.equal(late + 2 * 3_600_000);
    const spring = Date.UTC(2027, 2, 14, 4);
    expect(read('2:30am Hi', spring)?.at).to.equal(Date.UTC(2027, 2, 14, 7, 30));
  });
});

const spokenTimes = {
  es: [
    ['mañana 7pm Traigan agua', '2026-12-01T00:00Z', 'Traigan agua'],
    ['manana a las 7 pm: Traigan agua', '2026-12-01T00:00Z', 'Traigan agua'],
    ['a las 19:30 Cena', '2026-11-30T00:30Z', 'Cena'],
    ['hoy 18h Cena a las 8 de la noche', '2026-11-29T23:00Z', 'Cena a las 8 de la noche'],
    ['viernes 7 de la noche Cena', '2026-12-05T00:00Z', 'Cena'],
    ['para el martes a las 9 de la mañana Café', '2026-12-01T14:00Z', 'Café'],
    ['el 24 de diciembre a las 9 p. m. Fiesta', '2026-12-25T02:00Z', 'Fiesta'],
    ['mañana al mediodía Comida', '2026-11-30T17:00Z', 'Comida'],
    ['pasado mañana 9am Hola', '2026-12-01T14:00Z', 'Hola'],
    ['en 2 horas Cena a las 8pm', '2026-11-29T22:00Z', 'Cena a las 8pm'],
    ['mañana a las 7 Cena a las 8pm', '2026-11-30T12:00Z', 'Cena a las 8pm'],
    ['24/12 18:00 Fiesta', '2026-12-24T23:00Z', 'Fiesta'],
    ['tomorrow 7pm Bring water', '2026-12-01T00:00Z', 'Bring water'],
  ],
  fr: [
    ['demain 19h Apportez de l’eau', '2026-12-01T00:00Z', 'Apportez de l’eau'],
    ['demain à 19 h 30 : Bonjour', '2026-12-01T00:30Z', 'Bonjour'],
    ['à 19h Repas à 20h', '2026-11-30T00:00Z', 'Repas à 20h'],
    ['demain 7h du soir Repas', '2026-12-01T00:00Z', 'Repas'],
    ['mardi 9 heures Café', '2026-12-01T14:00Z', 'Café'],
    ['le 24 décembre à 21h Fête', '2026-12-25T02:00Z', 'Fête'],
    ['demain midi Dîner', '2026-11-30T17:00Z', 'Dîner'],
    ['après-demain 9h Bonjour', '2026-12-01T14:00Z', 'Bonjour'],
    ['dans 2 heures Repas à 20h', '2026-11-29T22:00Z', 'Repas à 20h'],
    ['ce soir 20h Film', '2026-11-30T01:00Z', 'Film'],
    ['tomorrow 7pm Bring water', '2026-12-01T00:00Z', 'Bring water'],
  ],
} as const;

const spokenRepeats = {
  es: [
    ['cada martes 18:00 Ensayo', '2026-12-01T23:00Z', [2], 1080, 'Ensayo'],
    ['cada lunes y jueves a las 7:30 am: Bus', '2026-11-30T12:30Z', [1, 4], 450, 'Bus'],
    ['todos los días a las 8 de la noche Rezo', '2026-11-30T01:00Z', [0, 1, 2, 3, 4, 5, 6], 1200, 'Rezo'],
    ['de lunes a viernes 7am Arriba', '2026-11-30T12:00Z', [1, 2, 3, 4, 5], 420, 'Arriba'],
    ['todos los sábados al mediodía Fútbol', '2026-12-05T17:00Z', [6], 720, 'Fútbol'],
    ['diario 12:00 Ángelus', '2026-11-30T17:00Z', [0, 1, 2, 3, 4, 5, 6], 720, 'Ángelus'],
  ],
  fr: [
    ['chaque mardi 18h Répétition', '2026-12-01T23:00Z', [2], 1080, 'Répétition'],
    ['tous les lundis et jeudis à 7h30 : Bus', '2026-11-30T12:30Z', [1, 4], 450, 'Bus'],
    ['chaque jour à 20 h Prière', '2026-11-30T01:00Z', [0, 1, 2, 3, 4, 5, 6], 1200, 'Prière'],
    ['du lundi au vendredi 7h Debout', '2026-11-30T12:00Z', [1, 2, 3, 4, 5], 420, 'Debout'],
    ['tous les samedis à midi Foot', '2026-12-05T17:00Z', [6], 720, 'Foot'],
  ],
} as const;

const noTimes = {
  es: [
    'mañana Traigan agua',
    'Traigan agua mañana 7pm',
    'cada martes Hola',
    'cada vez 7pm Hola',
    'ayer 7pm Hola',
    'mañana 25:00 Hola',
    'Hola',
    '',
  ],
  fr: [
    'demain Apportez',
    'Apportez demain 19h',
    'chaque mardi Salut',
    'chaque fois 19h Salut',
    'hier 19h Salut',
    'demain 25h Salut',
    'Salut',
    '',
  ],
} as const;

for (const language of ['es', 'fr'] as const)
  describe(`a time as people say it in ${language}`, () => {
    const say = (typed: string) => speakIn(language, () => read(typed));
    for (const [typed, at, text] of spokenTimes[language]) {
      it(typed, () => expect(say(typed)).to.deep.equal({ at: Date.parse(at), repeat: null, text }));
      it(`${typed}, where English is spoken`, () => {
        expect(read(typed)).to.deep.equal({ at: Date.parse(at), repeat: null, text });
      });
    }
    for (const [typed, at, days, minute, text] of spokenRepeats[language])
      it(typed, () => {
        expect(say(typed)).to.deep.equal({ at: Date.parse(at), repeat: { days, minute, zone }, text });
      });
    for (const typed of noTimes[language]) it(`not ${JSON.stringify(typed)}`, () => expect(say(typed)).to.equal(null));
  });

it('18h is a time of day where Spanish or French is spoken, and a length in English', () => {
  const say = (language: Language) => speakIn(language, () => read('18h Hola'))?.at;
  expect([say('es'), say('fr')]).to.deep.equal([Date.UTC(2026, 10, 29, 23), Date.UTC(2026, 10, 29, 23)]);
  expect(say('en')).to.equal(now + 18 * 3_600_000);
});
