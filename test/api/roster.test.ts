import { expect } from 'chai';
import { row } from '../../db/connect.ts';
import { setBlocked } from '../../db/people/blocks.ts';
import { ensurePerson, findPerson } from '../../db/people/people.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

type Params = Record<string, unknown>;
const ann = '+14445550001';
const bob = '+14445550002';
const cid = '+14445550003';
const dee = '+14445550004';
const eve = '+14445550005';
const blocked = '+14445550008';
const stranger = '+14445550009';

describe('members of a group', () => {
  let world: World;
  let group: TestGroup;
  let sids: { ann: string; bob: string; cid: string; stranger: string };

  before(async () => {
    world = await openWorld({ env: { MAX_MEMBERS: '5' } });
    const phones = { Ann: ann, Bob: bob, Cid: cid };
    group = await startGroup(world, ['Ann', 'Bob', 'Cid'], { phones });
    sids = {
      ann: await openSid(world, ann),
      bob: await openSid(world, bob),
      cid: await openSid(world, cid),
      stranger: await openSid(world, stranger),
    };
    const person = await ensurePerson(world.runtime.db, blocked, new Date());
    await setBlocked(world.runtime.db, { personId: person.id, at: new Date() });
  });
  after(() => world.close());

  const as = (sid: string) => (path: string, params: Params) =>
    world.call(path, { sid, group: group.number, ...params });
  const byAnn = (path: string, params: Params = {}) => as(sids.ann)(path, params);
  const byBob = (path: string, params: Params = {}) => as(sids.bob)(path, params);
  const byCid = (path: string, params: Params = {}) => as(sids.cid)(path, params);
  const ok = async (answer: Promise<{ body: Params }>) => expect((await answer).body).to.deep.equal({ status: 'OK' });
  const refused = async (answer: Promise<{ body: Params }>, error: string, subtype?: unknown) => {
    const { body } = await answer;
    const more = subtype === undefined ? {} : { error_subtype: subtype };
    expect(body).to.deep.equal({ status: 'ERROR', error_type: error, ...more });
  };
  const roster = async (sid = sids.ann) => {
    const { body } = await world.call('/member/groups', { sid });
    const mine = (body.groups as (Params & { number: string; members: Params[] })[]).find(
      ({ number }) => number === group.number,
    );
    return { ...mine, number: mine?.number, members: mine?.members ?? [] };
  };
  const memberNamed = async (name: string) => (await roster()).members.find((member) => member.name === name);
  const textsTo = (phone: string) => world.simulator.textsTo(phone).map(({ text }) => text);
  const version = async () =>
    (
      await row<{ version: number }>(world.runtime.db, 'SELECT roster_version AS version FROM `groups` WHERE id = ?', [
        group.id,
      ])
    )?.version;
  const set = (params: Params) => world.call('/group/set', { sid: sids.ann, number: group.number, ...params });

  describe('/member/add', () => {
    it('adds somebody, who gets one welcome that says who added them', async () => {
      await ok(byBob('/member/add', { name: ' Dee ', number: '(444) 555-0004' }));
      await world.quiet();
      expect(textsTo(dee)).to.have.length(1);
      expect(textsTo(dee)[0]).to.match(/^Group Texting: Bob added you to "Friends".*\*bye.*STOP/s);
      expect(await memberNamed('Dee')).to.deep.equal({
        name: 'Dee',
        number: dee,
        bye: 0,
        owner: 0,
        broadcast: 0,
        co_owner: 0,
      });
      await ok(byAnn('/member/remove', { number: dee }));
    });

    it('tells everybody but the newcomer and who added them, with notify_on_add', async () => {
      await set({ notify_on_add: 1 });
      await world.quiet();
      const before = { ann: textsTo(ann).length, cid: textsTo(cid).length, bob: textsTo(bob).length };
      await ok(byBob('/member/add', { name: 'Dee', number: dee }));
      await world.quiet();
      expect(textsTo(ann).slice(before.ann)).to.deep.equal(['Bob added Dee to "Friends".']);
      expect(textsTo(cid).slice(before.cid)).to.deep.equal(['Bob added Dee to "Friends".']);
      expect(textsTo(bob)).to.have.length(before.bob);
      // The same welcome goes to a phone once a day.
      expect(textsTo(dee)).to.have.length(1);
      await set({ notify_on_add: 0 });
      await ok(byAnn('/member/remove', { number: dee }));
    });

    const ours = '+12015551003';
    const long = 'x'.repeat(31);
    const rows: [string, Params, string, unknown?][] = [
      ['nothing is sent', { group: '' }, 'MISSING_FIELDS', ['group', 'name', 'number']],
      ['there is no name', { name: ' \u200b', number: dee }, 'MISSING_FIELDS', ['name']],
      ['the group’s number is none', { group: '12', name: 'Dee', number: dee }, 'INVALID_NUMBER'],
      ['the number is none', { name: 'Dee', number: '12' }, 'INVALID_NUMBER'],
      ['the number is abroad', { name: 'Dee', number: '+442079460018' }, 'INVALID_NUMBER'],
      ['the name has 31 letters', { name: long, number: dee }, 'TOO_LONG'],
      ['a long name comes before a bad number', { name: long, number: '12' }, 'TOO_LONG'],
      ['a bad group comes before a long name', { group: '12', name: long, number: dee }, 'INVALID_NUMBER'],
      ['there is no such group', { group: ours, name: 'Dee', number: dee }, 'MEMBER_LOOKUP_FAILED'],
      ['it is one of our numbers', { name: 'Us', number: ours }, 'GROUP_FLIER_NUMBER'],
      ['it is the service number', { name: 'Us', number: '+12015551000' }, 'GROUP_FLIER_NUMBER'],
      ['they texted STOP', { name: 'Bob', number: blocked }, 'BLOCKED_NUMBER'],
      ['the number is in the group, with its name', { name: 'bob', number: bob }, 'DUP_NUMBER'],
      ['it is one’s own number', { name: 'Bobby', number: bob }, 'DUP_NUMBER'],
      ['the name is in the group in other letters', { name: 'ＣＩＤ', number: dee }, 'DUP_NAME'],
    ];
    for (const [when, params, error, subtype] of rows) {
      it(`answers ${error} when ${when}`, async () => {
        const before = await version();
        await refused(byBob('/member/add', params), error, subtype);
        expect(await version()).to.equal(before);
      });
    }

    it('answers 400 to a name that would be a command', async () => {
      const { http, body } = await byBob('/member/add', { name: '*bye', number: dee });
      expect([http, body.error_subtype]).to.deep.equal([400, 'name']);
    });

    it('answers TOO_MANY_MEMBERS in a full group, after a name that is taken', async () => {
      await ok(byBob('/member/add', { name: 'Dee', number: dee }));
      await ok(byBob('/member/add', { name: 'Eve', number: eve }));
      await refused(byBob('/member/add', { name: 'Fay', number: stranger }), 'TOO_MANY_MEMBERS');
      await refused(byBob('/member/add', { name: 'Eve', number: stranger }), 'DUP_NAME');
      await ok(byAnn('/member/remove', { number: dee }));
      await ok(byAnn('/member/remove', { number: eve }));
    });

    it('is for the owner alone with disable_add, whatever else is wrong', async () => {
      await set({ disable_add: 1 });
      await refused(byBob('/member/add', { name: 'Ann', number: bob }), 'DISABLED_ADD');
      await refused(byBob('/member/add', { name: 'Ann', number: '12' }), 'INVALID_NUMBER');
      await ok(byAnn('/member/add', { name: 'Dee', number: dee }));
      await set({ disable_add: 0 });
      await ok(byAnn('/member/remove', { number: dee }));
    });

    it('leaves nobody behind when it is refused', async () => {
      const unknown = '+14445550777';
      await refused(byBob('/member/add', { name: 'Cid', number: unknown }), 'DUP_NAME');
      expect(await findPerson(world.runtime.db, unknown)).to.equal(undefined);
    });
  });

  describe('/member/remove', () => {
    const rows: [string, Params, string, unknown?][] = [
      ['nothing is sent', { group: '' }, 'MISSING_FIELDS', ['group', 'number']],
      ['the number is none', { number: 'Bob' }, 'INVALID_NUMBER', 'Bob'],
      ['the group’s number is abroad', { group: '+442079460018', number: bob }, 'INVALID_NUMBER', '+442079460018'],
      ['there is no such group', { group: stranger, number: bob }, 'MEMBER_LOOKUP_FAILED'],
      ['it is oneself', { number: ann }, 'NOT_SELF'],
      ['the number is not in the group', { number: stranger }, 'NOT_FOUND'],
    ];
    for (const [when, params, error, subtype] of rows) {
      it(`answers ${error} when ${when}`, () => refused(byAnn('/member/remove', params), error, subtype));
    }

    it('answers NOT_OWNER to a member, also about themself or a stranger', async () => {
      for (const number of [cid, bob, stranger]) await refused(byBob('/member/remove', { number }), 'NOT_OWNER');
    });

    it('takes them off the roster, with their access, and they can be added again', async () => {
      await ok(byAnn('/member/remove', { number: cid }));
      expect(await memberNamed('Cid')).to.equal(undefined);
      expect((await roster(sids.cid)).number).to.equal(undefined);
      await refused(byCid('/member/hi'), 'MEMBER_LOOKUP_FAILED');
      await refused(byAnn('/member/remove', { number: cid }), 'NOT_FOUND');
      await ok(byAnn('/member/add', { name: 'Cid', number: cid }));
      expect(await roster(sids.cid)).to.include({ number: group.number, bye: 0 });
    });
  });

  describe('/member/set', () => {
    const own: [string, Params, string, unknown?][] = [
      ['there is no group', { group: '' }, 'MISSING_FIELDS', ['group']],
      ['the number is none', { number: 'x' }, 'INVALID_NUMBER'],
      ['the group’s number is none', { group: 'x' }, 'INVALID_NUMBER'],
      ['there is no such group', { group: stranger }, 'MEMBER_LOOKUP_FAILED'],
      ['the name has 31 letters', { name: 'x'.repeat(31) }, 'TOO_LONG'],
      ['the name is another’s', { name: ' aNN ' }, 'NAME_IN_USE'],
      ['sms is 3', { sms: 3 }, 'INVALID_SMS_STATE'],
      ['sms is a word', { sms: 'on' }, 'INVALID_SMS_STATE'],
      ['sms is 01', { sms: '01' }, 'INVALID_SMS_STATE'],
      ['broadcast is 2', { broadcast: 2 }, 'INVALID_BROADCAST'],
      ['a member sets their own broadcast', { broadcast: 0 }, 'INVALID_BROADCAST'],
      ['it is another member', { number: cid, name: 'Sid' }, 'NOT_OWNER'],
      ['it is nobody of the group', { number: stranger, name: 'Ann' }, 'NOT_OWNER'],
      ['a field comes before the owner', { number: cid, sms: 9 }, 'INVALID_SMS_STATE'],
      ['a name in use comes before the broadcast', { name: 'Ann', broadcast: 1 }, 'NAME_IN_USE'],
    ];
    for (const [when, params, error, subtype] of own) {
      it(`answers ${error} when ${when}`, () => refused(byBob('/member/set', params), error, subtype));
    }

    const owners: [string, Params, string][] = [
      ['the number is not in the group', { number: stranger, name: 'Ann' }, 'MEMBER_LOOKUP_FAILED'],
      ['the name is their own', { number: bob, name: 'Ann' }, 'NAME_IN_USE'],
      ['a member is given another delivery than they chose', { number: bob, sms: 2 }, 'INVALID_SMS_STATE'],
    ];
    for (const [when, params, error] of owners) {
      it(`answers ${error} to the owner when ${when}`, () => refused(byAnn('/member/set', params), error));
    }

    it('takes JSON’s true as a flag, and as no sms', async () => {
      const json = (params: Params) =>
        world.call('/member/set', { sid: sids.ann, group: group.number, number: bob, ...params }, { as: 'json' });
      await refused(json({ sms: true }), 'INVALID_SMS_STATE');
      await ok(json({ broadcast: true }));
      expect(await memberNamed('Bob')).to.include({ broadcast: 1 });
      await ok(json({ broadcast: 0 }));
      expect(await memberNamed('Bob')).to.include({ broadcast: 0 });
    });

    it('changes a member’s own name and sms', async () => {
      await ok(byBob('/member/set', { name: 'Robert', sms: 2 }));
      expect(await memberNamed('Robert')).to.include({ number: bob });
      expect(await roster(sids.bob)).to.include({ sms: 2 });
      await ok(byBob('/member/set', { name: 'BOB', number: '444-555-0002' }));
      await ok(byBob('/member/set', { name: 'Bob', sms: 1 }));
    });

    it('lets the owner silence a member and undo that, whatever they chose', async () => {
      await ok(byBob('/member/set', { sms: 2 }));
      await ok(byAnn('/member/set', { number: bob, sms: 0 }));
      expect(await roster(sids.bob)).to.include({ sms: 0 });
      await refused(byAnn('/member/set', { number: bob, sms: 1 }), 'INVALID_SMS_STATE');
      await ok(byAnn('/member/set', { number: bob, sms: 2, name: 'Bob the Second' }));
      expect(await roster(sids.bob)).to.include({ sms: 2 });
      await ok(byBob('/member/set', { sms: 1, name: 'Bob' }));
    });

    it('with nothing to set is OK and changes nothing', async () => {
      const before = await version();
      await ok(byBob('/member/set', { name: ' ', sms: '' }));
      expect(await version()).to.equal(before);
    });
  });

  describe('/member/bye and /member/hi', () => {
    for (const path of ['/member/bye', '/member/hi']) {
      it(`${path} answers the documented errors`, async () => {
        await refused(byBob(path, { group: '' }), 'MISSING_FIELDS', ['group']);
        await refused(byBob(path, { group: '12' }), 'INVALID_NUMBER');
        await refused(byBob(path, { group: stranger }), 'MEMBER_LOOKUP_FAILED');
        await refused(as(sids.stranger)(path, {}), 'MEMBER_LOOKUP_FAILED');
        expect((await as('x'.repeat(43))(path, {})).http).to.equal(401);
      });
    }

    it('leave and come back, twice each, without a text', async () => {
      const before = world.simulator.accepted.length;
      await ok(byBob('/member/bye'));
      const left = await version();
      await ok(byBob('/member/bye'));
      expect(await version()).to.equal(left);
      expect(await memberNamed('Bob')).to.include({ bye: 1 });
      expect(await roster(sids.bob)).to.include({ bye: 1, number: group.number });
      await refused(byAnn('/member/add', { name: 'Robert', number: bob }), 'DUP_NUMBER');
      await refused(as(sids.bob)('/message/send', { number: group.number, message: 'Hi' }), 'MEMBER_LOOKUP_FAILED');
      await ok(byBob('/member/hi'));
      await ok(byBob('/member/hi'));
      expect(await memberNamed('Bob')).to.include({ bye: 0 });
      await world.quiet();
      expect(world.simulator.accepted).to.have.length(before);
    });

    it('let the owner leave and stay the owner', async () => {
      await ok(byAnn('/member/bye'));
      expect(await roster()).to.include({ bye: 1, owner: 1 });
      await ok(byAnn('/member/set', { number: bob, broadcast: 1 }));
      await ok(byAnn('/member/hi'));
    });

    it('let somebody back into a group that filled up meanwhile', async () => {
      await ok(byBob('/member/bye'));
      for (const [name, number] of [
        ['Dee', dee],
        ['Eve', eve],
        ['Fay', '+14445550006'],
      ] as const) {
        await ok(byAnn('/member/add', { name, number }));
      }
      await refused(byAnn('/member/add', { name: 'Gus', number: stranger }), 'TOO_MANY_MEMBERS');
      await ok(byBob('/member/hi'));
      expect((await roster()).members.filter(({ bye }) => bye === 0)).to.have.length(6);
    });
  });
});
