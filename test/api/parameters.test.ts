import { expect } from 'chai';
import type { Endpoint } from '../../api/endpoint.ts';
import { groupCreate, groupSet } from '../../api/endpoints/group.ts';
import { messageGet, messageSend } from '../../api/endpoints/message.ts';
import type { Scalar } from '../../api/kinds.ts';
import { readParameters } from '../../api/parameters.ts';

const phones = { defaultRegion: 'US', allowedCountries: ['US', 'CA'] };

function read({ parameters }: Endpoint, fields: Record<string, Scalar>) {
  return readParameters(parameters, new Map(Object.entries(fields)), phones);
}

const pair = { name_0: 'Bob', number_0: '4445557777' };
const group = { group: 'Hikers', name: 'Ann', number: '4445556666' };

describe('the parameters of a call', () => {
  const missing: [string, Endpoint, Record<string, Scalar>, string[]][] = [
    ['nothing sent', groupCreate, {}, ['group', 'name', 'number']],
    ['only spaces', groupCreate, { ...group, ...pair, group: '  \t ' }, ['group']],
    ['only invisible characters', groupCreate, { ...group, ...pair, group: '\u200b\u202e' }, ['group']],
    ['an empty message', messageSend, { number: '4445556666', message: ' \n ' }, ['message']],
    [
      'halves of pairs, by N and name first',
      groupCreate,
      { name: 'Ann', number_10: '4445550010', name_2: 'Cid', name_10: '', number_3: '4445550003' },
      ['group', 'number', 'number_2', 'name_3', 'name_10'],
    ],
    ['a half pair beyond 100', groupCreate, { ...group, name_101: 'Zoe' }, ['number_101']],
    ['names where messages go to the owner', groupCreate, { ...group, reply_to_owner: 1, name_0: 'Bob' }, ['number_0']],
  ];
  for (const [what, endpoint, fields, names] of missing) {
    it(`names what is missing: ${what}`, () => expect(read(endpoint, fields).missing).to.deep.equal(names));
  }

  it('ignores pairs with two empty halves and names with a leading zero', () => {
    const found = read(groupCreate, { ...group, ...pair, name_1: '', number_1: ' ', name_02: 'Zoe' });
    expect(found.missing).to.deep.equal([]);
    expect(found.params.members).to.deep.equal([{ at: 0, name: 'Bob', phone: '+14445557777' }]);
  });

  it('lets names out where messages go to the owner', () => {
    const found = read(groupCreate, { ...group, reply_to_owner: true, number_7: '4445557777' });
    expect(found.params.members).to.deep.equal([{ at: 7, name: null, phone: '+14445557777' }]);
  });

  const long = 'x'.repeat(31);
  const wrong: [string, Endpoint, Record<string, Scalar>, [string, string | undefined][]][] = [
    [
      'in the order of the parameters',
      groupCreate,
      { ...group, group: long, number: '12', email: 'nobody', ...pair, number_0: 'x y' },
      [
        ['TOO_LONG', long],
        ['INVALID_NUMBER', '12'],
        ['BAD_REQUEST', 'email'],
        ['INVALID_NUMBER', 'x y'],
      ],
    ],
    [
      'a foreign number, as E.164',
      groupCreate,
      { ...group, ...pair, number: '+44 20 7946 0018' },
      [['INVALID_NUMBER', '+442079460018']],
    ],
    [
      'a premium number, as E.164',
      groupCreate,
      { ...group, ...pair, number: '900 555 0100' },
      [['INVALID_NUMBER', '+19005550100']],
    ],
    [
      'a number of an island that is dialled like one of ours, as E.164',
      groupCreate,
      { ...group, ...pair, number: '(876) 555-1234' },
      [['INVALID_NUMBER', '+18765551234']],
    ],
    [
      'a number with a digit too few, as it was sent',
      groupCreate,
      { ...group, ...pair, number: '+1 444 555 666' },
      [['INVALID_NUMBER', '+1 444 555 666']],
    ],
    ['a truth value for a number', groupCreate, { ...group, ...pair, number: true }, [['BAD_REQUEST', 'number']]],
    ['a flag of 2', groupCreate, { ...group, ...pair, send_pin: 2 }, [['BAD_REQUEST', 'send_pin']]],
    ['a flag that says yes', groupCreate, { ...group, ...pair, send_pin: 'true' }, [['BAD_REQUEST', 'send_pin']]],
    ['a name that reads as a command', groupCreate, { ...group, ...pair, name: '*bye' }, [['BAD_REQUEST', 'name']]],
    [
      'a name that reads as a number',
      groupCreate,
      { ...group, ...pair, name: '212 555 0100' },
      [['BAD_REQUEST', 'name']],
    ],
    ['a name with a colon', groupCreate, { ...group, ...pair, name: 'Bob: hi' }, [['BAD_REQUEST', 'name']]],
    ['a name with an address', groupCreate, { ...group, ...pair, name: 'Win at bit.ly/x' }, [['BAD_REQUEST', 'name']]],
    [
      'a group with an address',
      groupCreate,
      { ...group, ...pair, group: 'Win at bit.ly/x' },
      [['BAD_REQUEST', 'group']],
    ],
    ['a member with a colon', groupCreate, { ...group, ...pair, name_0: 'Bob: hi' }, [['BAD_REQUEST', 'name_0']]],
    ['a member whose name is blank', groupCreate, { ...group, ...pair, name_0: '\u2800' }, [['BAD_REQUEST', 'name_0']]],
    ['a group whose name is blank', groupCreate, { ...group, ...pair, group: '\u3164' }, [['BAD_REQUEST', 'group']]],
    [
      'a group called by a number',
      groupCreate,
      { ...group, ...pair, group: '212-688-2162' },
      [['BAD_REQUEST', 'group']],
    ],
    ['a source over 100', groupCreate, { ...group, ...pair, source: 'x'.repeat(101) }, [['BAD_REQUEST', 'source']]],
    ['a number of the group that is none', groupSet, { number: 'x' }, [['MEMBER_LOOKUP_FAILED', 'x']]],
    [
      'an invite code of 3',
      groupSet,
      { number: '4445556666', invite_code: 'abc' },
      [['INVALID_INVITE_CODE', undefined]],
    ],
    [
      'an invite code with a space',
      groupSet,
      { number: '4445556666', invite_code: 'abc def' },
      [['INVALID_INVITE_CODE', undefined]],
    ],
    [
      'a description of 151',
      groupSet,
      { number: '4445556666', description: 'x'.repeat(151) },
      [['DESCRIPTION_TOO_LONG', 'x'.repeat(151)]],
    ],
    [
      'a message of 151',
      messageSend,
      { number: '4445556666', message: 'x'.repeat(151) },
      [['MESSAGE_TOO_LONG', 'x'.repeat(151)]],
    ],
    [
      'an id that is no number',
      messageGet,
      { number: '4445556666', message_id: '1; DROP' },
      [['BAD_REQUEST', 'message_id']],
    ],
    ['an id with a fraction', messageGet, { number: '4445556666', message_id: 1.5 }, [['BAD_REQUEST', 'message_id']]],
  ];
  for (const [what, endpoint, fields, errors] of wrong) {
    it(`says what is wrong: ${what}`, () => {
      const found = read(endpoint, fields);
      expect(found.missing).to.deep.equal([]);
      expect(found.wrong.map(({ wrong: token, subtype }) => [token, subtype])).to.deep.equal(errors);
    });
  }

  const right: [string, Endpoint, Record<string, Scalar>, Record<string, unknown>][] = [
    [
      'cleans a name',
      groupCreate,
      { ...group, ...pair, group: '  Long\u00a0 \t hikes\u202e ' },
      { group: 'Long hikes' },
    ],
    ['counts code points', groupCreate, { ...group, ...pair, group: '😀'.repeat(30) }, { group: '😀'.repeat(30) }],
    [
      'takes digits as a JSON number',
      groupCreate,
      { ...group, ...pair, number: 4445556666 },
      { number: '+14445556666' },
    ],
    [
      'takes flags as 1 and 0',
      groupCreate,
      { ...group, ...pair, send_pin: 1, reply_to_owner: '0' },
      { send_pin: true, reply_to_owner: false },
    ],
    ['takes flags as truth values of JSON', groupCreate, { ...group, ...pair, send_pin: false }, { send_pin: false }],
    [
      'takes an empty optional field as not sent',
      groupCreate,
      { ...group, ...pair, email: ' ', send_pin: '' },
      { email: undefined, send_pin: undefined },
    ],
    [
      'takes an empty code, name and description as empty',
      groupSet,
      { number: '4445556666', name: '', invite_code: ' ', description: '' },
      { name: '', invite_code: '', description: '' },
    ],
    [
      'keeps line breaks in a message',
      messageSend,
      { number: '4445556666', message: ' a\r\nb  c ' },
      { message: 'a\nb  c' },
    ],
    [
      'takes ids',
      messageGet,
      { number: '4445556666', message_from: '3', message_to: 9 },
      { message_from: 3, message_to: 9 },
    ],
  ];
  for (const [what, endpoint, fields, params] of right) {
    it(what, () => {
      const found = read(endpoint, fields);
      expect(found.wrong).to.deep.equal([]);
      expect(found.params).to.include(params);
    });
  }
});
