import { expect } from 'chai';
import { writePause } from '../../db/deliveries/pauses.ts';
import { openCircuitBreaker } from '../../engine/delivery/circuit-breaker.ts';
import { resumeCarrier, whatHolds } from '../../engine/delivery/pause.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openOperated, type, typeJson } from '../support/operator.ts';
import type { World } from '../support/world.ts';

describe('an operator’s day', () => {
  let world: World;
  let group: TestGroup;
  let env: Record<string, string>;
  let ann: string;
  let bob: string;
  before(async () => {
    ({ world, env, group } = await openOperated(['Ann', 'Bob'], { name: 'Hikers' }));
    [ann = '', bob = ''] = Object.values(group.phones);
  });
  after(() => world.close());

  const say = async (text: string) => {
    expect(await world.text(ann, group.number, text)).to.equal(200);
    await world.quiet();
    return world.simulator.textsTo(bob).some((one) => one.text === `Ann: ${text}`);
  };

  it('finds a phone by some of its digits, and shows what we know of it', async () => {
    const { people } = (await typeJson(`person find ${ann.slice(-7)}`, env)) as { people: object[] };
    expect(people).to.deep.equal([{ phone: ann, name: 'Ann', blocked: false }]);
    expect((await type('person find 12', env)).code).to.equal(2);
    const shown = await typeJson(`person show "(${ann.slice(2, 5)}) ${ann.slice(5)}"`, env);
    expect(shown).to.deep.include({
      ...{ phone: ann, name: 'Ann', blockedAt: null, blockedByCarrier: false, hasPassword: false },
      groups: [{ name: 'Hikers', number: group.number, left: false }],
    });
    expect(shown.account).to.include({ type: 'T', balance: 500 });
    const { out } = await type(`person show ${bob}`, env);
    expect(out).to.match(/not blocked[\s\S]*no account[\s\S]*Hikers/);
    expect((await type('person show +14445559999', env)).err).to.match(/We know nobody/);
  });

  it('blocks a phone, which gets nothing then, and ends that with a reason that stays', async () => {
    expect(await say('One')).to.equal(true);
    expect((await type(`person block ${bob}`, env)).code).to.equal(2);
    expect((await type(`person block ${bob} --reason "asked by letter"`, env, 'y')).code).to.equal(0);
    expect(await say('Two')).to.equal(false);
    expect((await type(`person block ${bob} --yes`, env)).err).to.match(/is blocked already/);
    expect((await type(`person unblock ${bob} --reason "ticket 4711"`, env, 'y')).asked).to.match(/The law/);
    expect(await say('Three')).to.equal(true);
    const { acts } = (await typeJson('audit --last 3', env)) as { acts: { act: string; reason: string | null }[] };
    expect(acts.map(({ act, reason }) => [act, reason])).to.deep.equal([
      ['person unblock', 'ticket 4711'],
      ['person block', null],
      ['person block', 'asked by letter'],
    ]);
    const file = (await typeJson(`audit ${bob}`, env)) as { consents: { about: string }[]; afterStop: object[] };
    const told = { phone: bob, number: null, by: null, way: 'operator' };
    const said = file.consents.filter(({ about }) => about === 'texts');
    expect(said).to.have.length(2);
    expect(said[0]).to.deep.include({ ...told, kind: 'stop', wording: 'asked by letter' });
    expect(said[1]).to.deep.include({ ...told, kind: 'start', wording: 'ticket 4711' });
    expect(file.afterStop).to.deep.equal([]);
  });

  it('retires a number: no new member gets it, its members keep it; and hands it out again', async () => {
    const poolOf = async () =>
      ((await typeJson('number pool', env)) as { numbers: { phone: string; members: number }[] }).numbers;
    expect((await poolOf()).find(({ phone }) => phone === group.number)).to.deep.equal({
      ...{ phone: group.number, members: 2, left: 0, resting: 0, blocked: 0, restsUntil: null },
    });
    expect((await type(`number retire ${group.number}`, env)).out).to.match(/gets no new members; it serves 2 still/);
    expect((await poolOf()).map(({ phone }) => phone)).not.to.include(group.number);
    expect((await type(`number retire ${group.number}`, env)).err).to.match(/retired already/);
    const other = await startGroup(world, ['Cy', 'Dee']);
    expect(other.number).not.to.equal(group.number);
    expect(await say('Four')).to.equal(true);
    expect(await typeJson(`number restore ${group.number}`, env)).to.include({ retired: false });
    expect((await type(`number retire ${world.serviceNumber}`, env)).err).to.match(/is the service number/);
  });

  it('holds all sending until they say so, whatever the carrier says meanwhile', async () => {
    const { runtime } = world;
    expect((await type('sending status', env)).out).to.equal('Nothing pauses.\n');
    expect((await type('sending pause nobody --yes', env)).code).to.equal(2);
    expect((await type('sending pause plivo --yes', env)).code).to.equal(0);
    const breaker = openCircuitBreaker(runtime);
    try {
      let passed = false;
      const passing = breaker.pass(group.numberId).then(() => {
        passed = true;
      });
      const soon = new Date(Date.now() + 1000);
      await writePause(runtime.db, { carrier: 'plivo', errorCode: 900, now: new Date(), until: soon });
      await resumeCarrier(runtime, 'plivo');
      expect((await whatHolds(runtime, 'plivo')).waitMs).to.be.greaterThan(86_400_000);
      const { pauses } = (await typeJson('sending status', env)) as { pauses: { errorCode: number }[] };
      expect(pauses.map(({ errorCode }) => errorCode)).to.deep.equal([0]);
      expect(passed).to.equal(false);
      expect((await type('sending resume plivo', env)).code).to.equal(0);
      await passing;
    } finally {
      breaker.stop();
    }
    expect((await type('sending resume plivo', env)).err).to.match(/does not pause/);
  });
});
