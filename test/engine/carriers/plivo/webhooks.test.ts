import { expect } from 'chai';
import {
  BadWebhook,
  type CarrierReport,
  type ErrorMeaning,
  type InboundText,
} from '../../../../engine/carriers/carrier.ts';
import { errorMeanings, meaningOf, UNREACHABLE_CODES } from '../../../../engine/carriers/plivo/codes.ts';
import type { Fields } from '../../../../engine/carriers/plivo/form.ts';
import { parseInbound, parseReport } from '../../../../engine/carriers/plivo/webhooks.ts';

const uuid = 'db3ce55a-7f1d-11e1-8ea7-1231380bc196';

function fieldThatIsBad(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof BadWebhook) return error.field;
    throw error;
  }
  return '';
}

const sms: Fields = {
  From: '14447778888',
  To: '14445556666',
  Type: 'sms',
  Text: 'Hi all',
  MessageUUID: uuid,
  MessageIntent: '',
};
const mms: Fields = {
  From: '14447778888',
  To: '14445556666',
  Type: 'mms',
  Body: 'Look',
  MessageUUID: uuid,
  MediaCount: '2',
};
const read: InboundText = {
  carrierId: uuid,
  from: '+14447778888',
  to: '+14445556666',
  text: 'Hi all',
  media: [],
  intent: null,
};

const texts: [name: string, fields: Fields, expected: Partial<InboundText>][] = [
  ['a MessageUUID in capitals', { ...sms, MessageUUID: uuid.toUpperCase() }, { carrierId: uuid.toUpperCase() }],
  [
    'an SMS, with every field that Plivo posts',
    { ...sms, Units: '1', TotalRate: '0', TotalAmount: '0', PowerpackUUID: '' },
    {},
  ],
  ['numbers that have their plus already', { ...sms, From: '+14447778888', To: '+14445556666' }, {}],
  ['numbers whose plus became a space on the way', { ...sms, From: ' 14447778888' }, {}],
  ['a short code', { ...sms, From: '28777' }, { from: '28777' }],
  [
    'the shortest and the longest phone number',
    { ...sms, From: '12345678', To: '123456789012345' },
    { from: '+12345678', to: '+123456789012345' },
  ],
  ['a sender name', { ...sms, From: 'My Bank' }, { from: 'My Bank' }],
  ['an empty text', { ...sms, Text: '' }, { text: '' }],
  ['no text at all', { From: sms.From ?? '', To: sms.To ?? '', MessageUUID: uuid }, { text: '' }],
  ['white space and line breaks, left as they are', { ...sms, Text: ' a \n\n b ' }, { text: ' a \n\n b ' }],
  ['a text of 64 KiB', { ...sms, Text: '😀'.repeat(16_384) }, { text: '😀'.repeat(16_384) }],
  ['a STOP that Plivo has answered', { ...sms, MessageIntent: 'optout' }, { intent: 'optout' }],
  ['a START, in capitals', { ...sms, MessageIntent: 'OptIn' }, { intent: 'optin' }],
  ['a HELP', { ...sms, MessageIntent: ' HELP ' }, { intent: 'help' }],
  ['an intent that nobody knows', { ...sms, MessageIntent: 'constructor' }, { intent: null }],
  ['an MMS without media', mms, { text: 'Look' }],
  [
    'an MMS without words',
    { ...mms, Body: '', Media0: 'https://m.example/0' },
    { text: '', media: ['https://m.example/0'] },
  ],
  ['an MMS whose words came as Text', { ...sms, Type: 'mms' }, {}],
  ['an SMS whose words came as Body', { ...mms, Type: 'sms' }, { text: 'Look' }],
  [
    'media counted from 0',
    { ...mms, Media0: 'https://m.example/0', Media1: 'http://m.example/1' },
    { text: 'Look', media: ['https://m.example/0', 'http://m.example/1'] },
  ],
  [
    'media counted from 1',
    { ...mms, Media2: 'https://m.example/2', Media1: 'https://m.example/1' },
    { text: 'Look', media: ['https://m.example/1', 'https://m.example/2'] },
  ],
  [
    'eleven media: ten, in the order of their numbers',
    eleven(),
    { text: 'Look', media: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `https://m.example/${n}`), mediaLeftOut: 1 },
  ],
  [
    'media that are no web addresses: left out',
    {
      ...mms,
      Media0: 'javascript:alert(1)',
      Media1: 'ftp://m.example/1',
      Media2: '',
      Media3: 'https://',
      Media4: 'HTTPS://m.example/4',
      MediaX: 'https://m.example/x',
    },
    { text: 'Look', media: ['HTTPS://m.example/4'] },
  ],
];

function eleven(): Fields {
  return Object.assign(
    { ...mms },
    ...[10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((n) => ({ [`Media${n}`]: `https://m.example/${n}` })),
  );
}

const badTexts: [name: string, fields: Fields, field: string][] = [
  ['nothing', {}, 'MessageUUID'],
  ['no MessageUUID', { ...sms, MessageUUID: '' }, 'MessageUUID'],
  ['a MessageUUID that no column holds', { ...sms, MessageUUID: 'a'.repeat(65) }, 'MessageUUID'],
  ['a MessageUUID with a space', { ...sms, MessageUUID: `${uuid.slice(0, 35)} ` }, 'MessageUUID'],
  ['a MessageUUID with more behind it', { ...sms, MessageUUID: `${uuid}PowerpackUUIDTextQ` }, 'MessageUUID'],
  ['a MessageUUID that is none', { ...sms, MessageUUID: 'uuid-1' }, 'MessageUUID'],
  ['no From', { ...sms, From: ' ' }, 'From'],
  ['a From of 16 digits', { ...sms, From: '1234567890123456' }, 'From'],
  ['a From with control characters', { ...sms, From: '1444\u0000777' }, 'From'],
  ['a sender name without end', { ...sms, From: 'x'.repeat(21) }, 'From'],
  ['a From that came twice', { ...sms, From: ['14447778888', '14447778889'] }, 'From'],
  ['a To that came twice', { ...sms, To: ['14445556666', '14445556666'] }, 'To'],
  ['a Text that came twice', { ...sms, Text: ['a', 'b'] }, 'Text'],
  ['a MessageUUID that came twice', { ...sms, MessageUUID: [uuid, uuid] }, 'MessageUUID'],
  ['a Type that came twice', { ...sms, Type: ['sms', 'mms'] }, 'Type'],
  ['an intent that came twice', { ...sms, MessageIntent: ['optout', ''] }, 'MessageIntent'],
  ['a Media0 that came twice', { ...mms, Media0: ['https://m.example/0', 'https://m.example/1'] }, 'Media0'],
];

describe('A text from a handset', () => {
  for (const [name, fields, expected] of texts) {
    it(`is read: ${name}`, () => expect(parseInbound(fields)).to.deep.equal({ ...read, ...expected }));
  }
  for (const [name, fields, field] of badTexts) {
    it(`is refused for its ${field}: ${name}`, () =>
      expect(fieldThatIsBad(() => parseInbound(fields))).to.equal(field));
  }
});

const sent: Fields = {
  MessageUUID: uuid,
  Status: 'sent',
  ErrorCode: '000',
  Sequence: '2',
  Units: '1',
  From: '14445556666',
  To: '14447778888',
};
const news: CarrierReport = {
  carrierId: uuid,
  status: 'sent',
  errorCode: null,
  meaning: null,
  unreachable: false,
  landline: false,
  sequence: 2,
  units: 1,
  carrierCost: null,
  network: null,
};

const reports: [name: string, fields: Fields, expected: Partial<CarrierReport>][] = [
  ['a text that was sent', sent, {}],
  ['one that was queued', { ...sent, Status: 'queued', Sequence: '1' }, { status: 'queued', sequence: 1 }],
  ['one that was delivered', { ...sent, Status: 'Delivered', Sequence: '3' }, { status: 'delivered', sequence: 3 }],
  [
    'one that was not',
    { ...sent, Status: 'UNDELIVERED', ErrorCode: '050' },
    { status: 'undelivered', errorCode: 50, meaning: 'failed', unreachable: true, landline: true },
  ],
  [
    'one that failed',
    { ...sent, Status: 'failed', ErrorCode: '300' },
    { status: 'failed', errorCode: 300, meaning: 'retry' },
  ],
  [
    'one that was rejected, as an older page has it',
    { ...sent, Status: 'Rejected', ErrorCode: '100' },
    { status: 'failed', errorCode: 100, meaning: 'failed' },
  ],
  [
    'what it costs, with the fees of the carriers, and the network',
    { ...sent, TotalRate: '0.00770', TotalAmount: '0.01540', CarrierFees: '0.0070', MCC: '310', MNC: '004' },
    { carrierCost: 224, network: '310004' },
  ],
  [
    'a cost without fees, beside a network of half a code',
    { ...sent, TotalAmount: '0.0079', MCC: '310' },
    { carrierCost: 79 },
  ],
  ['a cost that is none', { ...sent, TotalAmount: '-1', CarrierFees: '0.0070', MNC: 'x' }, {}],
  ['an empty error code', { ...sent, ErrorCode: '' }, {}],
  ['an error code of 0', { ...sent, ErrorCode: '0' }, {}],
  ['an error code in words', { ...sent, ErrorCode: 'None' }, {}],
  ['nothing but what is needed', { MessageUUID: uuid, Status: 'sent' }, { sequence: null, units: null }],
  ['a sequence of 0', { ...sent, Sequence: '0' }, { sequence: 0 }],
  ['a sequence that is no number', { ...sent, Sequence: '-1' }, { sequence: null }],
  ['a number that no column holds', { ...sent, Units: '12345678901' }, { units: null }],
  ['a part, which orders nothing', { ...sent, Sequence: '', PartInfo: '1 of 2' }, { sequence: null }],
  [
    'segments counted as TotalUnits',
    { MessageUUID: uuid, Status: 'sent', Sequence: '2', TotalUnits: '3' },
    { units: 3 },
  ],
];

const badReports: [name: string, fields: Fields, field: string][] = [
  ['nothing', {}, 'MessageUUID'],
  ['no status', { MessageUUID: uuid }, 'Status'],
  ['an empty status', { ...sent, Status: ' ' }, 'Status'],
  ['a status that came twice', { ...sent, Status: ['sent', 'delivered'] }, 'Status'],
  ['an error code that came twice', { ...sent, ErrorCode: ['000', '200'] }, 'ErrorCode'],
  ['a sequence that came twice', { ...sent, Sequence: ['1', '2'] }, 'Sequence'],
  ['units that came twice', { ...sent, Units: ['1', '2'] }, 'Units'],
];

const pages = {
  table: 'plivo.com/docs/messaging/troubleshooting/error-codes, copy of 2026',
  blog: 'plivo.com/blog, "Introducing SMS Error Codes", as updated on 2025-04-01',
  geo: 'plivo.com/docs/messaging/concepts/geo-permissions.md, copy of 2026',
  fraud: 'docs.plivo.com/docs/verify/concepts/fraud-control, copy of 2026',
} as const;

/** Every error code that Plivo has on a public page, as of November 2026, and what it asks of us. */
const publicCodes: [code: number, name: string, page: keyof typeof pages, meaning: ErrorMeaning][] = [
  [10, 'Invalid message', 'blog', 'failed'],
  [20, 'Network error', 'blog', 'retry'],
  [30, 'Spam detected', 'blog', 'failed'],
  [40, 'Invalid source number', 'blog', 'failed'],
  [50, 'Invalid destination number', 'blog', 'failed'],
  [60, 'Loop detected', 'blog', 'failed'],
  [70, 'Destination permanently unavailable', 'blog', 'failed'],
  [80, 'Destination temporarily unavailable', 'blog', 'retry'],
  [90, 'No route available', 'blog', 'failed'],
  [100, 'Prohibited by carrier', 'blog', 'failed'],
  [110, 'Message too long', 'blog', 'failed'],
  [120, 'Rejected for its media', 'table', 'failed'],
  [200, 'Source number blocked by STOP from destination number', 'blog', 'optout'],
  [201, 'US toll-free numbers to Canada are blocked', 'blog', 'failed'],
  [300, 'Failed to dispatch', 'table', 'retry'],
  [420, 'Message expired', 'table', 'failed'],
  [450, 'Destination country barred', 'table', 'failed'],
  [451, 'Over the hourly threshold of the country', 'geo', 'paused'],
  [452, 'Potential SMS pumping', 'fraud', 'failed'],
  [900, 'Insufficient credit', 'table', 'paused'],
  [910, 'Account disabled', 'table', 'paused'],
  [1000, 'Unknown error', 'blog', 'failed'],
];

describe('A report of the carrier', () => {
  for (const [name, fields, expected] of reports) {
    it(`is read: ${name}`, () => expect(parseReport(fields)).to.deep.equal({ ...news, ...expected }));
  }
  for (const [name, fields, field] of badReports) {
    it(`is refused for its ${field}: ${name}`, () => expect(fieldThatIsBad(() => parseReport(fields))).to.equal(field));
  }

  for (const status of ['read', 'Read', 'buffered', '__proto__']) {
    it(`is no news: ${status}`, () => expect(parseReport({ ...sent, Status: status })).to.equal(null));
  }

  it('asks by its error code for another try, an end, a block or a pause', () => {
    for (const [code, name, , meaning] of publicCodes) expect(meaningOf(code), `${code} ${name}`).to.equal(meaning);
    for (const unknown of [1, 202, 950, 2000]) expect(meaningOf(unknown)).to.equal('failed');
    expect([...UNREACHABLE_CODES].filter((code) => meaningOf(code) === 'failed')).to.deep.equal([50, 70, 90]);
  });

  it('has an error code of a public page, and each of those is one of ours', () => {
    expect([...errorMeanings.keys()]).to.deep.equal(publicCodes.map(([code]) => code));
  });
});
