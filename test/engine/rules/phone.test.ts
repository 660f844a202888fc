import { expect } from 'chai';
import fc from 'fast-check';
import { maskPhone, readAnyPhone, readPhone } from '../../../engine/rules/phone.ts';

const america = { defaultRegion: 'US', allowedCountries: ['US', 'CA'] };
const britain = { defaultRegion: 'GB', allowedCountries: ['GB'] };

describe('reading a phone number', () => {
  const read: [written: unknown, as: string, settings?: typeof america][] = [
    ['+14445556666', '+14445556666'],
    ['(444) 555-6666', '+14445556666'],
    ['4445556666', '+14445556666'],
    [4445556666, '+14445556666'],
    ['14445556666', '+14445556666'],
    ['444.555.6666', '+14445556666'],
    ['  +1 (444) 555-6666 ', '+14445556666'],
    ['011 1 444 555 6666', '+14445556666'],
    ['１４４４５５５６６６６', '+14445556666'],
    ['＋１（４４４）５５５－６６６６', '+14445556666'],
    ['٤٤٤٥٥٥٦٦٦٦', '+14445556666'],
    ['\u202A+1 (444) 555\u20116666\u202C', '+14445556666'],
    ['+1 416 555 1234', '+14165551234'],
    ['+1 800 555 1234', '+18005551234'],
    ['020 7946 0958', '+442079460958', britain],
    ['+44 20 7946 0958', '+442079460958', britain],
    ['+1 444 555 6666', '+14445556666', { defaultRegion: 'GB', allowedCountries: ['CA'] }],
    ['+1 876 555 1234', '+18765551234', { defaultRegion: 'JM', allowedCountries: ['JM'] }],
    ['+1 444 555 6666', '+14445556666', { defaultRegion: 'nowhere', allowedCountries: ['US'] }],
  ];
  for (const [written, as, settings] of read) {
    it(`takes ${JSON.stringify(written)} as ${as}`, () => {
      expect(readPhone(written, settings ?? america)).to.equal(as);
    });
  }

  const refused: [why: string, written: unknown, settings?: typeof america][] = [
    ['it is missing', undefined],
    ['it is empty', ''],
    ['it is not text', { $ne: '' }],
    ['it is a list', ['+14445556666']],
    ['it is a negative number', -4445556666],
    ['it is a fraction', 4445556666.5],
    ['it has letters', '1-800-FLOWERS'],
    ['there are words around it', 'call 444-555-6666'],
    ['it is two numbers', '444-555-6666/444-555-7777'],
    ['the area code is missing', '555-6666'],
    ['a digit is missing', '+1444555666'],
    ['a digit is too many', '+144455566667'],
    ['it is an emergency number', '911'],
    ['it has an extension', '444-555-6666 ext. 5'],
    ['it has an extension after x', '444-555-6666x5'],
    ['it has an extension after commas', '+1 444 555 6666,,5'],
    ['it has an extension as a parameter', '444 555 6666;ext=7'],
    ['it is in Jamaica', '+1 876 555 1234'],
    ['it is in Jamaica, dialled from the US', '876-555-1234'],
    ['its Jamaican area code is right although the rest is unassigned', '876-055-1234'],
    ['it is in Puerto Rico', '+1 787 555 1234'],
    ['it is in Britain', '+44 20 7946 0958'],
    ['it belongs to no country', '+800 1234 5678'],
    [
      'only Jamaica is allowed and nobody has this area code',
      '+14445556666',
      { defaultRegion: 'US', allowedCountries: ['JM'] },
    ],
    ['no country is allowed', '+14445556666', { defaultRegion: 'US', allowedCountries: [] }],
    ['it is a premium number', '+1 900 555 1234'],
    ['it is a British premium number', '0909 879 0000', britain],
    ['it is a shared-cost number', '0845 602 1111', britain],
    ['it is a pager', '076 4012 3456', britain],
    ['it is a company-wide number', '055 1234 5678', britain],
    ['it is over 40 characters long', `+1444555${' '.repeat(40)}6666`],
    ['it is a megabyte of digits', '4'.repeat(1_000_000)],
  ];
  for (const [why, written, settings] of refused) {
    it(`refuses a number when ${why}`, () => {
      expect(readPhone(written, settings ?? america)).to.equal(null);
    });
  }

  it('refuses every area code of the islands that share +1, whatever follows', () => {
    const islands =
      '242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 787 809 829 849 868 869 876 939';
    for (const area of islands.split(' ')) {
      expect(readPhone(`+1${area}5551234`, america), area).to.equal(null);
      expect(readPhone(`+1${area}0000000`, america), area).to.equal(null);
    }
  });

  it('never throws, and reads what it returned as the same number', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.stringMatching(/^[+0-9 ()-]{0,20}$/)), (written) => {
        const phone = readPhone(written, america);
        if (phone === null) return;
        expect(phone).to.match(/^\+1\d{10}$/);
        expect(readPhone(phone, america)).to.equal(phone);
      }),
    );
  });
});

describe('reading a number that a carrier wrote', () => {
  const rows: [written: unknown, as: string | null][] = [
    ['14445556666', '+14445556666'],
    ['+14445556666', '+14445556666'],
    ['442079460958', '+442079460958'],
    ['12345', null],
    ['PLIVO', null],
    ['0123456789', null],
    ['1234567890123456', null],
    [' 14445556666', null],
    [14445556666, null],
    [undefined, null],
  ];
  for (const [written, as] of rows) {
    it(`takes ${JSON.stringify(written)} as ${as}`, () => expect(readAnyPhone(written)).to.equal(as));
  }
});

describe('a phone number in a log', () => {
  const rows: [phone: string, shown: string][] = [
    ['+14445556666', '+1444•••••66'],
    ['+442079460958', '+4420••••••58'],
    ['12345', '•••'],
    ['Not a number', '•••'],
  ];
  for (const [phone, shown] of rows) it(`shows ${phone} as ${shown}`, () => expect(maskPhone(phone)).to.equal(shown));
});
