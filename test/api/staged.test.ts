import { expect } from 'chai';
import type { Params } from '../support/refusals.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const ann = '+14445550001';
const bob = '+14445550002';
const dee = '+14445550004';

describe('a group that waits for its YES', () => {
  let world: World;
  let sid: string;
  let number: string;
  before(async () => {
    world = await openWorld();
    sid = await openSid(world, ann);
    const input = { group: 'Hikers', name: 'Ann', number: ann, name_0: 'Bob', number_0: bob };
    number = String((await world.call('/group/create', input)).body.number);
    await world.quiet();
  });
  after(() => world.close());

  const refusal = (error: string) => ({ status: 'ERROR', error_type: error });
  const rows: [string, () => Params][] = [
    ['/group/delete', () => ({ sid, number })],
    ['/member/add', () => ({ sid, group: number, name: 'Dee', number: dee })],
    ['/member/remove', () => ({ sid, group: number, number: bob })],
    ['/member/set', () => ({ sid, group: number, name: 'Anna' })],
    ['/member/bye', () => ({ sid, group: number })],
    ['/member/hi', () => ({ sid, group: number })],
    ['/message/get', () => ({ sid, number })],
    ['/message/send', () => ({ sid, number, message: 'Hello' })],
    ['/message/schedule', () => ({ sid, number, message: 'Hello', when: '2099-01-01 12:00:00' })],
    ['/message/schedule/list', () => ({ sid, number })],
    ['/message/schedule/delete', () => ({ sid, number, message_id: 1 })],
  ];
  for (const [url, params] of rows) {
    it(`does not exist for ${url}`, async () => {
      expect((await world.call(url, params())).body).to.deep.equal(refusal('MEMBER_LOOKUP_FAILED'));
    });
  }

  it('is in no list and no count, and makes nobody known', async () => {
    expect((await world.call('/member/groups', { sid })).body.groups).to.deep.equal([]);
    expect((await world.call('/message/count', { sid, number })).body.results).to.deep.equal([]);
    expect((await world.call('/group/list')).body.groups).to.deep.equal([]);
    for (const phone of [ann, bob])
      expect((await world.call('/member/find', { number: phone })).body).to.deep.equal(refusal('NOT_FOUND'));
  });

  const notYet: [string, () => Promise<Params>, string][] = [
    ['by a member', async () => ({ sid: await openSid(world, bob), number }), 'MEMBER_LOOKUP_FAILED'],
    ['with a name that is too long', async () => ({ sid, number, name: 'x'.repeat(31) }), 'TOO_LONG'],
    ['as a public group without a description', async () => ({ sid, number, is_public: 1 }), 'CANT_MAKE_PUBLIC'],
  ];
  for (const [how, params, error] of notYet) {
    it(`is not turned on ${how}`, async () => {
      expect((await world.call('/group/set', await params())).body).to.deep.equal(refusal(error));
      await world.quiet();
      expect(world.simulator.textsTo(bob)).to.deep.equal([]);
    });
  }

  it('is turned on by /group/set of its owner: everybody is welcomed once, to the group as it is then', async () => {
    expect((await world.call('/group/set', { sid, number, name: 'Bikers' })).body).to.deep.equal({ status: 'OK' });
    expect((await world.call('/group/set', { sid, number, name: 'Riders' })).body).to.deep.equal({ status: 'OK' });
    await world.quiet();
    const [welcome, ...more] = world.simulator.textsTo(bob).map(({ text }) => text);
    expect(welcome).to.match(/^Group Texting: Ann added you to "Bikers".*\*bye.*STOP/s);
    const toOwner = world.simulator.textsTo(ann).map(({ from, text }) => `${from} ${text}`);
    expect(toOwner).to.have.length(2);
    expect(toOwner[0]).to.contain(`${number} You made the group "Hikers"`).and.to.contain('YES');
    expect(toOwner[1]).to.contain(`${number} "Bikers" is on`);
    expect(more).to.deep.equal([]);
    expect((await world.call('/message/get', { sid, number })).body.messages).to.deep.equal([]);
  });
});
