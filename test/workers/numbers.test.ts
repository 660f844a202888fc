import { expect } from 'chai';
import { startGroup } from '../support/group.ts';
import { type, typeJson } from '../support/operator.ts';
import { envOf } from '../support/settings.ts';
import { openWorld, type World } from '../support/world.ts';

const POOL = Array.from({ length: 10 }, (_, at) => `+1201555${String(1001 + at)}`);
const PORTED = '+12015557777';

describe('an operator and numbers at the carrier', () => {
  let world: World;
  let env: Record<string, string>;
  before(async () => {
    world = await openWorld({
      env: { PLIVO_APP_ID: 'APP1', PLIVO_CAMPAIGN_ID: 'CSIMULATED' },
      simulator: { numbers: ['+12015551000', ...POOL, PORTED], applications: { APP1: null } },
    });
    env = envOf(world.runtime.config);
  });
  after(() => world.close());

  const listed = async () => (await typeJson('number list', env)).numbers as { phone: string; kind: string }[];

  it('attach a number to our application, which check misses before', async () => {
    const [number = ''] = POOL;
    const before = await type('number check', env);
    expect([before.code, before.out.includes('belong to no application')]).to.deep.equal([1, true]);
    expect((await type(`number attach ${number} --dry-run`, env)).code).to.equal(0);
    expect((await type(`number attach ${number}`, env)).out).to.match(/belongs to our application/);
    const { out } = await type('number check', env);
    expect(out.match(/no application[^│]*/)?.[0]).to.not.contain(number);
    expect((await type(`number attach ${number}`, { ...env, PLIVO_APP_ID: '' })).err).to.match(
      /PLIVO_APP_ID is not set/,
    );
  });

  it('buy one after a question, which is handed out once it is registered', async () => {
    const size = (await listed()).length;
    expect((await type('number buy --dry-run', env)).out).to.match(/in US at plivo would be bought/);
    expect((await type('number buy', env, 'n')).code).to.equal(1);
    expect((await type('number buy --country XX --yes', env)).code).to.equal(2);
    expect([(await listed()).length, world.simulator.bought.length]).to.deep.equal([size, 0]);
    const { phone } = await typeJson('number buy --yes', env);
    expect(world.simulator.bought.map(({ number, appId }) => [number, appId])).to.deep.equal([[phone, 'APP1']]);
    expect((await listed()).map((number) => number.phone)).to.include(phone);
    await type(`number link ${phone}`, env);
    expect((await type(`number link ${phone}`, env)).out).to.match(/is registered in CSIMULATED/);
    expect((await type(`number link ${phone}`, { ...env, PLIVO_CAMPAIGN_ID: '' })).err).to.match(
      /set PLIVO_CAMPAIGN_ID/,
    );
  });

  it('search what the carrier offers, by area code, and buy one of it', async () => {
    const { numbers } = (await typeJson('number search --area 628', env)) as { numbers: string[] };
    expect(numbers).to.have.length(20);
    expect((await type('number search --area 212', env)).err).to.match(/plivo offers no such number now/);
    expect((await type('number search --area abc', env)).code).to.equal(2);
    const [, , third = ''] = numbers;
    expect((await type(`number buy ${third}`, env, 'n')).asked).to.contain(third);
    expect((await typeJson(`number buy ${third} --yes`, env)).phone).to.equal(third);
    expect((await type(`number buy ${third} --yes`, env)).err).to.match(/The carrier did not do it/);
    await type(`number link ${third}`, env);
    await type(`number link ${third}`, env);
  });

  it('import one that was ported, and none that the account does not have', async () => {
    expect((await type('number import +12015550000', env)).err).to.match(/the account does not have it/);
    expect((await type(`number import ${POOL[0]}`, env)).err).to.match(/a number of ours already/);
    expect((await type('number import twelve', env)).code).to.equal(2);
    expect((await type(`number import ${PORTED} --carrier telnyx`, env)).err).to.match(/the carrier is not set up/);
    await typeJson(`number import ${PORTED} --dry-run`, env);
    expect((await listed()).map(({ phone }) => phone)).to.not.include(PORTED);
    expect(await typeJson(`number import "1 (201) 555-7777"`, env)).to.deep.equal({ phone: PORTED, carrier: 'plivo' });
    expect((await listed()).find(({ phone }) => phone === PORTED)?.kind).to.equal('pool');
    for (const phone of POOL) await type(`number retire ${phone}`, env);
    expect(await startGroup(world, ['Ann', 'Bob']))
      .to.have.property('number')
      .that.is.oneOf([PORTED, ...world.simulator.bought.map(({ number }) => number)]);
  });

  it('let one rest: new members get it only where nothing else is free', async () => {
    const [first = '', second = ''] = POOL;
    for (const phone of [PORTED, ...world.simulator.bought.map(({ number }) => number)])
      await type(`number retire ${phone}`, env);
    for (const phone of [first, second]) await type(`number restore ${phone}`, env);
    expect((await type(`number rest ${first} soon`, env)).code).to.equal(2);
    expect((await type(`number rest ${world.serviceNumber} 3`, env)).err).to.match(/is the service number/);
    expect((await type(`number rest ${first} 14 --reason "many STOPs"`, env)).out).to.match(/rests until 20/);
    expect((await type('number pool', env)).out).to.match(/│ \+12015551001 │ 20\d\d-/);
    const others = await Promise.all([1, 2, 3].map(() => startGroup(world, ['Cy', 'Dee'])));
    expect(new Set(others.map(({ number }) => number))).to.deep.equal(new Set([second]));
    await type(`number retire ${second}`, env);
    expect((await startGroup(world, ['Eve', 'Flo'])).number, 'nothing else is free').to.equal(first);
    await type(`number restore ${second}`, env);
    expect((await type(`number rest ${first} 0`, env)).out).to.match(/does not rest/);
    expect((await startGroup(world, ['Gus', 'Hal'])).number, 'it has the least to do').to.equal(first);
  });

  it('give one back that is retired and serves nobody, and take it again', async () => {
    const [first = '', , third = '', fourth = ''] = POOL;
    expect((await type(`number release ${first} --yes`, env)).err).to.match(/serves 4 memberships. number retire/);
    await type(`number restore ${third}`, env);
    expect((await type(`number release ${third} --yes`, env)).err).to.match(/is handed out: number retire \S+ first/);
    expect((await type(`number release ${world.serviceNumber} --yes`, env)).err).to.match(/is the service number/);
    await type(`number retire ${third}`, env);
    expect((await type(`number release ${third} --dry-run`, env)).out).to.match(/would be given back to plivo/);
    expect((await type(`number release ${third}`, env, 'n')).asked).to.match(/Give \S+ back to plivo, for good/);
    expect((await type(`number release ${third} --yes`, { ...env, PLIVO_AUTH_TOKEN: 'wrong' })).err).to.match(/401/);
    expect((await listed()).map(({ phone }) => phone)).to.include(third);
    expect((await type(`number release ${third} --yes`, env)).out).to.match(/is given back/);
    expect((await listed()).map(({ phone }) => phone)).to.not.include(third);
    expect((await type(`number release ${third} --yes`, env)).err).to.match(/is no number of ours/);
    expect((await type('number check', env)).out).to.not.contain(third);
    // It may be anybody's phone by now.
    expect(await startGroup(world, ['Ivy', 'Jo'], { phones: { Jo: third } })).to.have.property('number');
    expect((await type(`number import ${third}`, env)).err).to.match(/the account does not have it/);
    expect((await type(`number release ${fourth} --yes`, env)).code).to.equal(0);
    const { phone } = await typeJson('number buy --yes', env);
    expect((await type(`number release ${phone} --yes`, env)).out).to.match(/is given back/);
    expect((await typeJson('number buy --yes', env)).phone, 'the same one').to.equal(phone);
    expect((await listed()).map((number) => number.phone)).to.include(phone);
  });

  it('name the settings that they need', async () => {
    const { code, err } = await type('number check', { MYSQL_URL: env.MYSQL_URL ?? '' });
    expect([code, /needs the settings of the processes; .*SERVICE_NUMBER is missing/.test(err)]).to.deep.equal([
      1,
      true,
    ]);
  });
});
