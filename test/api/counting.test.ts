import { expect } from 'chai';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const phones = { Ann: '+14445550001', Bob: '+14445550002', Cid: '+14445550003' };

describe('counting messages', () => {
  let world: World;
  let hikers: TestGroup;
  let bikers: TestGroup;
  let sids: { ann: string; bob: string; cid: string; stranger: string };
  before(async () => {
    world = await openWorld({ workers: false });
    hikers = await startGroup(world, ['Ann', 'Bob', 'Cid'], { name: 'Hikers', phones, quiet: false });
    bikers = await startGroup(world, ['Ann', 'Bob'], { name: 'Bikers', phones, replyToOwner: true, quiet: false });
    sids = {
      ann: await openSid(world, phones.Ann),
      bob: await openSid(world, phones.Bob),
      cid: await openSid(world, phones.Cid),
      stranger: await openSid(world, '+14445550009'),
    };
  });
  after(() => world.close());

  const send = async (sid: string, { number }: TestGroup, message: string) =>
    expect((await world.call('/message/send', { sid, number, message })).body.status).to.equal('OK');
  const countsOf = async (sid: string, more = {}) => (await world.call('/message/count', { sid, ...more })).body;
  const results = (...counts: [TestGroup, number][]) => ({
    status: 'OK',
    results: counts.map(([{ number }, count]) => ({ number, count })),
  });
  const total = async (as: 'query' | 'form' | 'json' = 'query') =>
    (await world.call('/message/grand/total', {}, { as })).body;

  it('begins with groups of none', async () => {
    expect(await countsOf(sids.ann)).to.deep.equal(results([hikers, 0], [bikers, 0]));
    expect(await total()).to.deep.equal({ status: 'OK', cnt: 0 });
  });

  it('counts for each member what /message/get shows them', async () => {
    await send(sids.ann, hikers, 'One');
    await send(sids.bob, hikers, 'Two');
    await world.call('/member/bye', { sid: sids.cid, group: hikers.number });
    await send(sids.bob, hikers, 'Cid has left');
    await send(sids.bob, bikers, 'For Ann alone');
    await send(sids.ann, bikers, 'For all');
    expect(await countsOf(sids.ann)).to.deep.equal(results([hikers, 3], [bikers, 2]));
    expect(await countsOf(sids.bob)).to.deep.equal(results([hikers, 3], [bikers, 2]));
    expect(await countsOf(sids.cid)).to.deep.equal(results([hikers, 2]));
    for (const sid of [sids.ann, sids.bob, sids.cid]) {
      const { body } = await world.call('/message/get', { sid, number: hikers.number });
      const { results: counted } = await countsOf(sid, { number: hikers.number });
      expect((body.messages as object[]).length).to.equal((counted as { count: number }[])[0]?.count);
    }
  });

  const rows: [string, () => string, () => object][] = [
    ['one group, however its number is written', () => `${bikers.number.slice(2)}`, () => results([bikers, 2])],
    ['an empty number: all', () => '', () => results([hikers, 3], [bikers, 2])],
    ['a number of ours where they are in no group', () => world.serviceNumber, () => results()],
    ['a member’s own phone', () => phones.Ann, () => results()],
    ['a number that is none', () => '12', () => results()],
    ['words', () => 'Hikers', () => results()],
  ];
  for (const [what, number, expected] of rows) {
    it(`for ${what}`, async () => {
      for (const as of ['query', 'form', 'json'] as const) {
        const { body } = await world.call('/message/count', { sid: sids.ann, number: number() }, { as });
        expect(body, as).to.deep.equal(expected());
      }
    });
  }

  it('has no results for somebody in no group, and is 401 without a session', async () => {
    expect(await countsOf(sids.stranger)).to.deep.equal({ status: 'OK', results: [] });
    expect((await world.call('/message/count')).http).to.equal(401);
    expect((await world.call('/message/count', { sid: 'x'.repeat(43) })).http).to.equal(401);
  });

  it('totals all groups, those that are gone as well, for anybody', async () => {
    for (const as of ['query', 'form', 'json'] as const)
      expect(await total(as)).to.deep.equal({ status: 'OK', cnt: 5 });
    await world.call('/group/delete', { sid: sids.ann, number: hikers.number });
    expect(await total()).to.deep.equal({ status: 'OK', cnt: 5 });
    expect(await countsOf(sids.ann)).to.deep.equal(results([bikers, 2]));
    expect(await Promise.all(Array.from({ length: 20 }, () => total()))).to.deep.equal(
      Array.from({ length: 20 }, () => ({ status: 'OK', cnt: 5 })),
    );
  });
});
