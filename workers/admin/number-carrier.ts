import { findNumberSettings } from '../../db/groups/number-settings.ts';
import { buyNumber, importNumber } from '../../engine/groups/operator-numbers.ts';
import { type CarrierName, carrierNames } from '../../engine/rules/carriers.ts';
import { countries, spellPhone } from '../../engine/rules/phone.ts';
import { examineCarriers } from '../../engine/usecases/doctor/carriers.ts';
import { atCarriers, orWhyNot } from './at-carriers.ts';
import { type Command, Misuse, NotPossible, numberOf, phonesOf } from './command.ts';
import { tableOf } from './table.ts';

export const numberCheck: Command = {
  words: ['number', 'check'],
  takes: [],
  does: 'compares our numbers with those of the carrier’s account: which it does not have, which cannot text, which belong to no application or to one that sends texts elsewhere, which are outside of their campaign; and whether it takes our credentials',
  examples: ['number check', 'number check --json'],
  run: (call) =>
    atCarriers(call, async ({ carriers, config }) => {
      const findings = await examineCarriers(call.db, { carriers, config });
      const cells = findings.map(({ state, says, mend = '', which = [] }) => [
        ...[state, which.length === 0 ? says : `${says}: ${which.join(', ')}`, mend],
      ]);
      const failed = findings.some(({ state }) => state === 'fault');
      return { text: tableOf(['', 'what', 'what to do'], cells, { numbers: 0 }), json: { findings }, failed };
    }),
};

const COUNTRY = { '--country <code>': 'two letters; DEFAULT_REGION where it is not said' };

export const numberSearch: Command = {
  words: ['number', 'search'],
  takes: [],
  options: { '--area <code>': 'area code, such as 415', ...COUNTRY },
  does: 'shows local numbers that the main carrier offers now and that can do SMS and MMS, 20 at most; number buy takes one of them',
  examples: ['number search', 'number search --area 415 --json'],
  run: (call) =>
    atCarriers(call, async ({ carriers, config }) => {
      const country = countryIn(call.options.country ?? config.DEFAULT_REGION);
      const { area = null } = call.options;
      if (area !== null && !/^\d{2,5}$/.test(area)) throw new Misuse(`"${area}" is no area code.`);
      const numbers = await orWhyNot(() => carriers.numbers.search({ country, area }));
      if (numbers.length === 0) throw new NotPossible(`${carriers.main} offers no such number now.`);
      return { text: numbers.join('\n'), json: { carrier: carriers.main, country, numbers } };
    }),
};

export const numberBuy: Command = {
  words: ['number', 'buy'],
  takes: ['[number]'],
  options: COUNTRY,
  changes: true,
  async asks({ options, args: [chosen] }) {
    if (chosen !== undefined) return `Buy ${chosen} at the main carrier, which is paid for every month?`;
    return `Buy a local number${options.country === undefined ? '' : ` in ${options.country}`} at the main carrier, which is paid for every month?`;
  },
  does: 'buys a number that can do SMS and MMS at the main carrier, any or one that number search found; it is handed out at once, or as soon as it may text (order, campaign)',
  examples: ['number buy +14155550123 --yes', 'number buy --country CA --reason "the pool is low" --yes'],
  run: (call) =>
    atCarriers(call, async (at) => {
      const country = countryIn(call.options.country ?? at.config.DEFAULT_REGION);
      const [written] = call.args;
      const chosen = written === undefined ? null : spellPhone(written, phonesOf(call.env));
      if (written !== undefined && chosen === null) throw new Misuse(`"${written}" is no number.`);
      const where = `in ${country} at ${at.carriers.main}`;
      if (call.isRehearsal) return { text: `${chosen ?? 'A number'} ${where} would be bought.`, json: { country } };
      const { phone, isReady } = await orWhyNot(() => buyNumber(call.db, at, { country, chosen, now: call.now }));
      const text = `${phone} was bought ${where}; it is ${isReady ? 'handed out' : 'handed out once it may text: number list'}.`;
      return { text, json: { phone, country, ready: isReady } };
    }),
};

export const numberImport: Command = {
  words: ['number', 'import'],
  takes: ['<number>'],
  options: { '--carrier <name>': 'at which it is; the main one where it is not said' },
  changes: true,
  does: 'hands out a number that the account at the carrier has already: one that was ported, or bought in its console',
  examples: ['number import +12015550123', 'number import +12015550123 --carrier telnyx --dry-run'],
  run: (call) =>
    atCarriers(call, async (at) => {
      const phone = spellPhone(call.args[0] ?? '', phonesOf(call.env));
      if (phone === null) throw new Misuse(`"${call.args[0]}" is no number.`);
      const carrier = carrierIn(call.options.carrier, at.carriers.main);
      if ((await findNumberSettings(call.db, phone)) !== undefined)
        throw new NotPossible(`${phone} is a number of ours already: see number list.`);
      const why = await orWhyNot(() => importNumber(call.db, at, { phone, carrier, now: call.now }));
      if (why !== null) throw new NotPossible(`${phone}: ${why} (${carrier}).`);
      return { text: `${phone} is handed out.`, json: { phone, carrier } };
    }),
};

export const numberAttach: Command = {
  words: ['number', 'attach'],
  takes: ['<number>'],
  changes: true,
  does: 'attaches a number to our application (PLIVO_APP_ID) or messaging profile (TELNYX_PROFILE_ID) at the carrier, so that texts to it come to us',
  examples: ['number attach +12015550123'],
  run: (call) =>
    atCarriers(call, async ({ carriers }) => {
      const { phone, carrier } = await numberOf(call, call.args[0] ?? '');
      const account = carriers.all.get(carrier)?.account;
      if (account === undefined) throw new NotPossible(`${carrier} is not set up.`);
      if (!call.isRehearsal) await orWhyNot(() => account.attach(phone));
      return { text: `${phone} belongs to our ${account.inboundBy}.`, json: { phone, carrier } };
    }),
};

export const numberLink: Command = {
  words: ['number', 'link'],
  takes: ['<number>'],
  changes: true,
  does: 'asks the carrier to register a number in our 10DLC campaign (PLIVO_CAMPAIGN_ID), which may take days; doctor and number check say when it is',
  examples: ['number link +12015550123'],
  run: (call) =>
    atCarriers(call, async ({ carriers, config }) => {
      const { phone, carrier } = await numberOf(call, call.args[0] ?? '');
      const at = carriers.all.get(carrier);
      if (carrier !== 'plivo' || at === undefined || config.PLIVO_CAMPAIGN_ID === '')
        throw new NotPossible('There is no campaign: set PLIVO_CAMPAIGN_ID, which is of Plivo.');
      const isLinked = call.isRehearsal ? false : await orWhyNot(() => at.numbers.makeReady(phone));
      const text = `${phone} ${isLinked ? 'is registered' : 'waits to be registered'} in ${config.PLIVO_CAMPAIGN_ID}.`;
      return { text, json: { phone, campaign: config.PLIVO_CAMPAIGN_ID, registered: isLinked } };
    }),
};

function countryIn(written: string): string {
  const country = written.toUpperCase();
  if (!countries.some((one) => one === country)) throw new Misuse(`"${country}" is no country.`);
  return country;
}

function carrierIn(written: string | undefined, main: CarrierName): CarrierName {
  const carrier = written === undefined ? main : carrierNames.find((name) => name === written.toLowerCase());
  if (carrier === undefined) throw new Misuse(`"${written}" is none of our carriers: ${carrierNames.join(', ')}.`);
  return carrier;
}
