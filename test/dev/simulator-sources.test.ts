import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { intentOf } from '../../dev/simulator/keywords.ts';
import { keywordOf, keywords } from '../../engine/rules/keywords.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

describe('the simulator’s tables', () => {
  const sources: [string, string, RegExp[]][] = [
    [
      'keywords.ts',
      'words and answers of the carrier',
      [/www\.plivo\.com\/docs\/messaging\/concepts\/dnd-service\.md/, /support\.plivo\.com/],
    ],
    [
      'opt-outs.ts',
      'blocks and MessageIntent',
      [/plivo\.com\/docs\/messaging\/api\/message\/handling-incoming/, /articles\/360041786171/],
    ],
    [
      'calls.ts',
      'calls and their answers',
      [/docs\.plivo\.com\/docs\/account\/api\/application/, /docs\/voice\/xml\/request/],
    ],
    ['number-class.ts', 'prefixes of toll-free numbers', [/www\.fcc\.gov\/consumers\/guides/]],
    [
      'networks.ts',
      'networks, MCC and MNC, area codes of Canada',
      [/ITU-T E\.212/, /en\.wikipedia\.org/, /postalcode\.ng/],
    ],
    ['prices.ts', 'prices and carrier fees', [/www\.plivo\.com\/sms\/pricing/, /2026-04-01/]],
    [
      'failure-code.ts',
      'codes of texts that are taken and fail',
      [/plivo\.com\/docs\/messaging\/troubleshooting\/error-codes/],
    ],
    [
      'faults.ts',
      'refusals and reports',
      [
        /docs\.plivo\.com\/docs\/messaging\/api\/response/,
        /plivo-node: lib\/rest\/axios\.js/,
        /plivo-cli: docs\/errors\.md/,
        /message-status-callbacks/,
      ],
    ],
    ['report-fields.ts', 'fields of a report', [/plivo\.com\/docs\/messaging\/api\/message\/message-status-callbacks/]],
    ['inbound.ts', 'fields of an inbound text', [/plivo\.com\/docs\/messaging\/api\/message\/handling-incoming/]],
    [
      'send-request.ts',
      'arguments of a send and their limits',
      [/docs\.plivo\.com\/docs\/messaging\/api\/message\/send-a-message/],
    ],
    ['message-api.ts', 'answers to a send', [/docs\.plivo\.com\/docs\/messaging\/api\/response/]],
    ['units.ts', 'units of a text', [/encoding-and-concatenation/]],
    ['webhook.ts', 'the schedule of repeats', [/10dlc-callbacks/]],
    [
      'signature.ts',
      'signatures',
      [
        /plivo-node:\s+(\* +)?lib\/utils\/v3Security\.js/,
        /docs\/messaging\/concepts\/signature-validation/,
        /openhab-addons\/pull\/21325/,
      ],
    ],
    [
      'account.ts',
      'credit and request limit',
      [/articles\/17000088423/, /plivo-cli: docs\/errors\.md/, /the-account-object/],
    ],
    [
      'account-api.ts',
      'the account’s numbers and campaigns',
      [/docs\/numbers\/phone-numbers/, /number-linking\.md/, /account-phone-number/],
    ],
    [
      'number-stock.ts',
      'what a number looks like',
      [/www\.plivo\.com\/docs\/numbers\/phone-numbers/, /api\/account-phone-number/],
    ],
    ['numbers.ts', 'states of a number', [/number-linking\.md/, /troubleshooting\/error-codes/]],
  ];
  for (const [file, what, pages] of sources) {
    it(`${file} says which public pages its ${what} are from`, () => {
      const comments = read(`dev/simulator/${file}`).replace(/\s*\n\s*\* ?/g, ' ');
      const whole = read(`dev/simulator/${file}`);
      for (const page of pages)
        expect(
          [comments, whole].some((text) => page.test(text)),
          String(page),
        ).to.equal(true);
    });
  }

  it('are shared with the engine by no import, in neither direction', () => {
    const files = (folder: string) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.ts$/.test(name))
        .map((name) => `${folder}/${name}`);
    const importsOf = (file: string) =>
      [...read(file).matchAll(/(?:from|import) *\(?'(\.[^']+)'/g)].map(([, to = '']) =>
        path.relative(root, path.resolve(root, path.dirname(file), to)),
      );
    const simulator = files('dev/simulator').flatMap(importsOf);
    expect(simulator.filter((to) => !to.startsWith('dev/simulator/'))).to.deep.equal([]);
    const product = ['api', 'engine', 'db', 'workers'].flatMap(files).flatMap(importsOf);
    expect(product.filter((to) => to.startsWith('dev/'))).to.deep.equal([]);
  });
});

/** What the carrier and the engine each take a text for. A word that is in one list alone is here on purpose. */
const meanings: Record<string, [carrier: string, engine: string]> = {
  STOP: ['optout', 'stop'],
  END: ['optout', 'stop'],
  QUIT: ['optout', 'stop'],
  CANCEL: ['optout', 'stop'],
  UNSUBSCRIBE: ['optout', 'stop'],
  UNSUB: ['optout', 'stop'],
  'STOP ALL': ['optout', 'stop'],
  STOPALL: ['nothing', 'stop'],
  REVOKE: ['nothing', 'stop'],
  OPTOUT: ['nothing', 'stop'],
  'OPT OUT': ['nothing', 'stop'],
  'Stop!': ['nothing', 'stop'],
  START: ['optin', 'start'],
  UNSTOP: ['optin', 'start'],
  RESUME: ['optin', 'start'],
  GO: ['optin', 'start'],
  YES: ['optin', 'nothing'],
  'Go!': ['nothing', 'start'],
  ' STOP ': ['optout', 'stop'],
  ' Go': ['nothing', 'start'],
  'Go ': ['optin', 'start'],
  HELP: ['help', 'help'],
  INFO: ['help', 'help'],
  'Help?': ['nothing', 'help'],
  'Can you stop texting me?': ['nothing', 'nothing'],
  'Stop it!': ['nothing', 'nothing'],
};

describe('what the carrier and the engine listen to', () => {
  for (const [text, [carrier, engine]] of Object.entries(meanings)) {
    it(`${text} is ${carrier} to the carrier and ${engine} to the engine`, () => {
      expect([intentOf(text) ?? 'nothing', keywordOf(text) ?? 'nothing']).to.deep.equal([carrier, engine]);
    });
  }

  it('is all written here: no word of the engine’s is missing', () => {
    const own = Object.values(keywords).flat();
    expect(own.filter((word) => meanings[word] === undefined)).to.deep.equal([]);
  });

  it('never sets the engine against a block of the carrier’s', () => {
    for (const [text, [carrier, engine]] of Object.entries(meanings))
      if (carrier === 'optout') expect(engine, text).to.equal('stop');
  });
});
