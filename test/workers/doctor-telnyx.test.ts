import { expect } from 'chai';
import { startGroup } from '../support/group.ts';
import { type, typeJson } from '../support/operator.ts';
import { envOf } from '../support/settings.ts';
import { openWorld, type World } from '../support/world.ts';

type Finding = { check: string; state: string; says: string; mend?: string; which?: string[] };

const asItShould = { profile: 'PROFILE1', sms: true, mms: true, campaign: 'CTOWN', texml: 'CALLS' } as const;

describe('doctor at Telnyx', () => {
  let world: World;
  let right: Record<string, string>;
  before(async () => {
    world = await openWorld({
      carriers: ['telnyx'],
      env: { OPS_PASSWORD: 'a password of operators', TELNYX_PROFILE_ID: 'PROFILE1' },
    });
    right = envOf(world.runtime.config);
    const { account } = world.telnyx;
    account.profiles.set('PROFILE1', `${world.url}/telnyx/message`);
    account.profiles.set('OTHER', 'https://old.example/telnyx/message');
    account.texml.set('CALLS', { url: `${world.url}/telnyx/call`, method: 'post' });
    account.texml.set('OLD', { url: 'https://old.example/telnyx/call', method: 'post' });
    account.texml.set('UNSIGNED', { url: `${world.url}/telnyx/call`, method: 'get' });
    for (const phone of [world.serviceNumber, ...world.pool]) account.numbers.set(phone, { ...asItShould });
    await startGroup(world, ['Ann', 'Bob']);
  });
  after(() => world.close());

  /** What speaks of the carrier: its account, our numbers there, and the address. */
  const examine = async (env: Record<string, string> = {}) => {
    const { out } = await type('doctor --json', { ...right, ...env });
    const { findings } = JSON.parse(out) as { findings: Finding[] };
    return findings.filter(({ check, state }) => ['carrier', 'numbers', 'address'].includes(check) && state !== 'ok');
  };
  const third = () => {
    const number = world.telnyx.account.numbers.get(world.pool[2] ?? '');
    if (number === undefined) throw new Error('the account has no such number');
    return number;
  };

  it('finds nothing where all is right', async () => {
    expect(await examine()).to.deep.equal([]);
  });

  const planted: readonly {
    what: string;
    plant?: () => void;
    undo?: () => void;
    env?: Record<string, string>;
    finds: [string, string, RegExp];
  }[] = [
    { what: 'a wrong key', env: { TELNYX_API_KEY: 'wrong' }, finds: ['carrier', 'fault', /credentials \(401\)/] },
    {
      what: 'a carrier that is away',
      env: { TELNYX_API_URL: 'http://127.0.0.1:1' },
      finds: ['carrier', 'fault', /telnyx does not answer/],
    },
    {
      what: 'little credit',
      plant: () => Object.assign(world.telnyx.account, { credit: 2 }),
      undo: () => Object.assign(world.telnyx.account, { credit: 100 }),
      finds: ['carrier', 'warning', /2.00 dollars are left/],
    },
    {
      what: 'a number that cannot text',
      plant: () => Object.assign(third(), { sms: false }),
      undo: () => Object.assign(third(), { sms: true }),
      finds: ['numbers', 'fault', /cannot send texts/],
    },
    {
      what: 'a number that sends no pictures',
      plant: () => Object.assign(third(), { mms: false }),
      undo: () => Object.assign(third(), { mms: true }),
      finds: ['numbers', 'warning', /cannot send pictures/],
    },
    {
      what: 'a number in no messaging profile',
      plant: () => Object.assign(third(), { profile: null }),
      undo: () => Object.assign(third(), { profile: 'PROFILE1' }),
      finds: ['numbers', 'fault', /belong to no messaging profile/],
    },
    {
      what: 'a profile that sends texts elsewhere',
      plant: () => Object.assign(third(), { profile: 'OTHER' }),
      undo: () => Object.assign(third(), { profile: 'PROFILE1' }),
      finds: ['numbers', 'fault', /messaging profile OTHER sends inbound texts to https:\/\/old.example/],
    },
    {
      what: 'a number whose calls go to nobody',
      plant: () => Object.assign(third(), { texml: null }),
      undo: () => Object.assign(third(), { texml: 'CALLS' }),
      finds: ['numbers', 'warning', /^calls to numbers go to no TeXML application/],
    },
    {
      what: 'a number whose calls go to a connection of another kind',
      plant: () => Object.assign(third(), { texml: 'SIP' }),
      undo: () => Object.assign(third(), { texml: 'CALLS' }),
      finds: ['numbers', 'warning', /TeXML application SIP asks nobody/],
    },
    {
      what: 'calls that go elsewhere',
      plant: () => Object.assign(third(), { texml: 'OLD' }),
      undo: () => Object.assign(third(), { texml: 'CALLS' }),
      finds: ['numbers', 'warning', /TeXML application OLD asks https:\/\/old.example/],
    },
    {
      what: 'calls that come unsigned',
      plant: () => Object.assign(third(), { texml: 'UNSIGNED' }),
      undo: () => Object.assign(third(), { texml: 'CALLS' }),
      finds: ['numbers', 'warning', /TeXML application UNSIGNED asks .* by GET, which is not signed/],
    },
    {
      what: 'a number in no campaign',
      plant: () => Object.assign(third(), { campaign: null }),
      undo: () => Object.assign(third(), { campaign: 'CTOWN' }),
      finds: ['numbers', 'warning', /in no 10DLC campaign/],
    },
  ];
  for (const { what, plant, undo, env, finds } of planted) {
    it(`finds ${what}`, async () => {
      const [check, state, says] = finds;
      plant?.();
      try {
        const found = await examine(env);
        expect(found.map((one) => [one.check, one.state])).to.deep.equal([[check, state]]);
        expect(found[0]?.says).to.match(says);
      } finally {
        undo?.();
      }
    });
  }

  it('finds a number that the account does not have, which attach cannot mend, and attaches one that it has', async () => {
    const [phone = ''] = world.pool;
    const number = third();
    world.telnyx.account.numbers.delete(phone);
    try {
      expect((await examine()).map(({ which }) => which)).to.deep.equal([[phone]]);
      expect((await type(`number attach ${phone}`, right)).err).to.match(/the account does not have the number/);
    } finally {
      world.telnyx.account.numbers.set(phone, { ...asItShould });
    }
    number.profile = null;
    await typeJson(`number attach ${world.pool[2]}`, right);
    expect(number.profile).to.equal('PROFILE1');
    expect(await examine()).to.deep.equal([]);
  });
});
