import fc from 'fast-check';

/**
 * What handsets write of themselves: reactions in ten languages, lists, signatures. Written from what was seen on
 * handsets, not from the tables of the engine, so that a wording that is lost there is noticed.
 */
const reactionTexts: readonly string[] = [
  ...[
    'Liked “#”',
    'Loved “#”',
    'Disliked “#”',
    'Laughed at “#”',
    'Emphasized “#”',
    'Questioned “#”',
    'Reacted @ to “#”',
  ],
  ...['Removed a like from “#”', 'Removed a heart from “#”', 'Removed @ from “#”', '@ to “#”', 'Emphasised “#”'],
  ...['Le gustó “#”', 'Le encantó “#”', 'No le gustó “#”', 'Le dio risa “#”', 'Exclamó por “#”', 'Dudó sobre “#”'],
  ...['Reaccionó con @ a “#”', 'Le encanta “#”', 'Dejó de gustarle “#”', 'Se ha reaccionado con @ a “#”'],
  ...[
    'A aimé « # »',
    'A adoré « # »',
    'N’a pas aimé « # »',
    'A ri de « # »',
    'A réagi avec @ à « # »',
    'A retiré @ de « # »',
  ],
  ...['A ajouté un « J’adore » à « # ».', 'A ajouté un rire à « # ».', 'a attribué la mention « Aime » à « # »'],
  ...[
    'Gefällt: „#“',
    'Gefällt nicht: „#“',
    '„#“ ein Herz hinzugefügt',
    'Hat mit @ auf „#“ reagiert',
    'Herz von „#“ entfernt',
  ],
  ...[
    'Ha aggiunto un cuoricino a “#”',
    'Ha aggiunto “Mi piace” a “#”',
    'Trova divertente “#”',
    'Ha reagito con @ a “#”',
  ],
  ...['Curtiu “#”', 'Gostou de “#”', 'Não curtiu “#”', 'Riu de “#”', 'Reagiu com @ a “#”', 'Removeu um coração de “#”'],
  ...[
    'Очень понравилось «#»',
    'Понравилось «#»',
    'Посмеялись над «#»',
    'Отмечено «#»',
    'Отреагировал(а) @ на сообщение «#»',
  ],
  ...['喜愛「#」', '讚好「#」', '已用@回應「#」', '用@回应了“#”'],
  ...['‘#’에 하트 표시', '‘#’에 @ 표시로 반응함', '‘#’에서 좋아요 표시 제거함'],
  ...['“#”に「いいね」と応答', '“\u200A#\u200A”に\u200A@\u200Aでリアクションしました'],
  ...['Đã yêu thích “#”', 'Đã thích “#”', 'Đã tương tác @ cho “#”'],
  ...['\u200A\u200B@\u200B to “\u200A#\u200A”\u200A', '\u200ARemoved \u200C@\u200C from “\u200A#\u200A”\u200A'],
  ...[
    '\u200AA réagi avec \u200B@\u200B à « \u200A#\u200A »\u200A',
    '\u200AРеакция \u200B@\u200B на "\u200A#\u200A"\u200A',
  ],
  ...[
    'Liked an image',
    'Emphasized an image',
    'Removed a heart from an image',
    'Le encantó una imagen',
    '@ to an image',
  ],
];

const emoji = fc.constantFrom('👍', '❤️', '😂', '🎉', '👍🏽', '👨‍👩‍👧‍👦', '🇨🇦', '1️⃣', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', '‼️');
const word = fc.constantFrom(
  ...[
    'see',
    'you',
    'at 7',
    'Ann:',
    'Don’t',
    'it’s',
    '*who',
    'STOP',
    '😀',
    '👨‍👩‍👧‍👦',
    'e\u0301',
    'à demain',
    'mañana',
    'привет',
  ],
  ...['你好', '내일', 'また', 'tomorrow!', '7-8?', '“no”', '(212) 555-0100', '\n', 'https://a.example/x', '...'],
);
const sentence = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' ').trim() || 'ok');
const cut = fc.tuple(sentence, fc.constantFrom('', '', '…', '...')).map(([text, end]) => text + end);

export const reactionText: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...reactionTexts), cut, emoji)
  .map(([text, quote, put]) => text.replace('#', () => quote).replace('@', () => put));

const name = fc.constantFrom('Ann Lee', 'Bo', 'O’Brien', 'Zoë', 'Anne–Marie', '李雷', 'Müller, Jo', 'Mom 💕');
const phone = fc.constantFrom(
  '615-555-1004',
  '(615) 555-1005',
  '+1 615 555 1006',
  '6155551007',
  '615.555.1008',
  '615 555 1009',
);
const bullet = fc.constantFrom('- ', '• ', '1. ', '2) ', '', '* ', '– ', '[ ] ');
const row = fc.tuple(bullet, name, fc.constantFrom(' ', '\t', ', ', ': ', ' - '), phone).map((cells) => cells.join(''));
export const listText: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('', '*add ', '*new Chess\n', 'Name,Phone\n'), fc.array(row, { minLength: 1, maxLength: 12 }))
  .map(([start, rows]) => start + rows.join('\n'));

const signature = fc.constantFrom(
  'Sent from my iPhone',
  '--\nAnn',
  '~ Bo 🌻',
  '\u200B',
  '\uFEFF',
  'Get Outlook for iOS',
  '🤖'.repeat(40),
);
export const signedText: fc.Arbitrary<string> = fc
  .tuple(sentence, fc.nat(60), signature)
  .map(([text, times, end]) => `${`${text} `.repeat(times).slice(0, 2_500)}\n\n${end}`);

const beginnings = [
  ...[
    'Liked it',
    'Loved',
    'Loved the song “Yes”',
    'Disliked',
    'Laughed at',
    'Emphasized',
    'Questioned',
    'Reacted',
    'Removed',
  ],
  ...[
    'Removed a chair from the room',
    'Le gustó',
    'Le encantó la película',
    'A aimé le film',
    'Gefällt mir',
    'Ha reagito male',
  ],
  ...[
    'Curtiu a praia',
    'Понравилось всё',
    '👍',
    '😂 to everybody',
    'Liked “Dune” and',
    '“Dune” is what I',
    'Liked an image of',
  ],
];
const endings = [
  ...[
    'a lot, see you',
    'that very much',
    'you all at 7',
    'by Bob',
    'so much I cried',
    'everything',
    'and went home',
    'too, thanks',
  ],
  ...['him out loud', 'the point twice', 'my choice', 'badly to the news', 'it already', 'yesterday', 'again!', 'ok?'],
];
const tails = ['', '.', ' 😀', ' lol', ' (really)', '!!', ' “for sure” I think'];
/** Sentences that begin like a reaction, and are none: every combination. */
export const ordinarySentences: readonly string[] = beginnings.flatMap((start) =>
  endings.flatMap((end) => tails.map((tail) => `${start} ${end}${tail}`)),
);
