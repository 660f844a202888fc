import { expect } from 'chai';
import { row, rows, run } from '../../../db/connect.ts';
import { sendDigests } from '../../../engine/groups/digests.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { openWorld, type World } from '../../support/world.ts';

/** What texting and calling have in common, and what happens at the same instant; the dialogues tell the rest. */
describe('texting', () => {
  let world: World;

  before(async () => {
    world = await openWorld({ env: { INBOUND_PER_MINUTE: '30' } });
  });
  after(() => world?.close());

  describe('a command by /message/send', () => {
    let group: TestGroup;
    let sids: Record<string, string>;

    before(async () => {
      group = await startGroup(world, ['Ann', 'Bob', 'Cy'], { areaCode: '301' });
      sids = Object.fromEntries(
        await Promise.all(
          Object.entries(group.phones).map(async ([name, phone]) => [name, await world.logIn(phone)] as const),
        ),
      );
    });

    for (const [who, message, answer, text] of [
      ['Bob', '*who', {}, /has 3 people/],
      ['Bob', '*name Robert', { refresh: 1 }, /You're Robert/],
      ['Bob', '*name Cy', {}, /Cy: Another member.*Nothing was changed/],
      ['Bob', '*remove Cy', {}, /Only the owner/],
      ['Bob', '*mute 3', { refresh: 1 }, /muted for 3 hours/],
      ['Bob', '*on', { refresh: 1 }, /You missed none/],
      ['Bob', '*to Cy psst', { message_id: 1 }, /Only Cy/],
      ['Ann', '*group Owls', { refresh: 1 }, /called "Owls"/],
      ['Ann', '*add Bob 301-555-1002', {}, /already has this phone number/],
      ['Ann', '*frobnicate', {}, /There's no command/],
    ] as const) {
      it(`${message} answers ${JSON.stringify(answer)}, and ${who} gets a text`, async () => {
        const phone = group.phones[who] ?? '';
        const before = world.simulator.textsTo(phone).length;
        const { body } = await world.call('/message/send', { sid: sids[who], number: group.number, message });
        await world.quiet();
        const arrived = world.simulator.textsTo(phone).slice(before);
        expect(arrived.map((one) => one.text)).to.have.length(1);
        expect(arrived[0]?.text).to.match(text);
        expect(body).to.deep.equal({ status: 'OK', ...answer, reply: arrived[0]?.text });
      });
    }

    it('is a member’s alone: a former one gets the hint by text', async () => {
      await world.call('/message/send', { sid: sids.Cy, number: group.number, message: '*bye' });
      const { body } = await world.call('/message/send', { sid: sids.Cy, number: group.number, message: 'Hello' });
      expect(body).to.include({ status: 'ERROR', error_type: 'MEMBER_LOOKUP_FAILED' });
      const again = await world.call('/message/send', { sid: sids.Cy, number: group.number, message: '*hi' });
      expect(again.body).to.include({ status: 'OK', refresh: 1 });
    });
  });

  describe('a preview', () => {
    let group: TestGroup;
    let sid: string;

    before(async () => {
      group = await startGroup(world, ['Ann', 'Bob', 'Cy', 'Di'], { areaCode: '302' });
      await world.text(group.phones.Di ?? '', group.number, '*off');
      sid = await world.logIn(group.phones.Bob ?? '');
      await world.quiet();
    });

    for (const [message, more, answer] of [
      ['Hello', {}, { recipients: 2, segments: 1, cost: 2 }],
      ['Hello', { cc: 1 }, { recipients: 3, segments: 1, cost: 3 }],
      ['🎉'.repeat(40), {}, { recipients: 2, segments: 2, cost: 4 }],
      ['*to Cy Hello', {}, { recipients: 1, segments: 1, cost: 1 }],
      ['*who', {}, { recipients: 0, segments: 0, cost: 0 }],
    ] as const) {
      it(`of ${message.slice(0, 20)} ${JSON.stringify(more)} is ${JSON.stringify(answer)} and sends nothing`, async () => {
        const before = world.simulator.accepted.length;
        const { body } = await world.call('/message/send', { sid, number: group.number, message, preview: 1, ...more });
        expect(body).to.deep.equal({ status: 'OK', ...answer });
        await world.quiet();
        expect(world.simulator.accepted).to.have.length(before);
      });
    }

    it('costs nothing where the owner’s account is free, and is refused where it is used up', async () => {
      const owner = 'JOIN people p ON p.id = a.person_id SET';
      const ask = () => world.call('/message/send', { sid, number: group.number, message: 'Hello', preview: 1 });
      await run(world.runtime.db, `UPDATE accounts a ${owner} a.type = 'F' WHERE p.phone = ?`, [
        group.phones.Ann ?? '',
      ]);
      expect((await ask()).body).to.include({ status: 'OK', cost: 0 });
      await run(world.runtime.db, `UPDATE accounts a ${owner} a.type = 'T', a.balance = 0 WHERE p.phone = ?`, [
        group.phones.Ann ?? '',
      ]);
      expect((await ask()).body).to.include({ error_type: 'SUSPENDED' });
    });
  });

  it('a refused command that the carrier brings twice is answered once', async () => {
    const group = await startGroup(world, ['Ann', 'Bob'], { areaCode: '303' });
    const countKept = async () => {
      const ofAnn = [group.phones.Ann ?? ''];
      return (await rows(world.runtime.db, 'SELECT 1 FROM inbound_texts WHERE phone = ?', ofAnn)).length;
    };
    const before = await countKept();
    world.simulator.fault({ kind: 'webhook_doubled', times: 1 });
    await world.text(group.phones.Ann ?? '', group.number, `*add Bobby ${group.phones.Bob}`);
    await world.quiet();
    const answers = world.simulator.textsTo(group.phones.Ann ?? '').filter(({ text }) => /already has/.test(text));
    expect(answers).to.have.length(1);
    expect(await countKept()).to.equal(before + 1);
  });

  it('six STOPs in the same instant, of a kind that the carrier does not mind itself, are one: one confirmation, and the owner is told once', async () => {
    const group = await startGroup(world, ['Ann', 'Bob'], { areaCode: '307' });
    const [ann = '', bob = ''] = Object.values(group.phones);
    const before = world.simulator.textsTo(bob).length;
    await Promise.all(
      ['Stop!', 'STOP.', 'stopall', 'Revoke', 'opt out', 'END.'].map((stop) => world.text(bob, group.number, stop)),
    );
    await world.quiet();
    expect(world.simulator.textsTo(bob).slice(before)).to.have.length(1);
    expect(world.simulator.textsTo(ann).filter(({ text }) => /replied STOP/.test(text))).to.have.length(1);
  });

  for (const [what, textOf, most] of [
    ['more texts than a person types', (at: number) => `Spam ${at}`, 30],
    ['the same text', () => 'I am driving', 5],
  ] as const) {
    it(`of fifty in the same instant, ${what}, ${most} are passed on`, async () => {
      const group = await startGroup(world, ['Ann', 'Bob', 'Cy'], { areaCode: most === 5 ? '308' : '309' });
      const [, bob = '', cy = ''] = Object.values(group.phones);
      await run(world.runtime.db, 'DELETE FROM inbound_texts WHERE phone = ?', [bob]);
      await Promise.all(Array.from({ length: 50 }, (_, at) => world.text(bob, group.number, textOf(at))));
      await world.quiet();
      expect(world.simulator.textsTo(cy).filter(({ text }) => /^Bob: /.test(text))).to.have.length(most);
    });
  }

  for (const [what, textOf, most, seconds] of [
    ['more calls than a person types texts', (at: number) => `Spam ${at}`, 30, '60'],
    ['the same text', () => 'I am driving', 5, '300'],
  ] as const) {
    it(`of fifty sent by call and by text in the same instant, ${what}, ${most} are passed on, and the other calls are 503`, async () => {
      const group = await startGroup(world, ['Ann', 'Bob', 'Cy'], { areaCode: most === 5 ? '312' : '313' });
      const [, bob = '', cy = ''] = Object.values(group.phones);
      const sid = await world.logIn(bob);
      await run(world.runtime.db, 'DELETE FROM inbound_texts WHERE phone = ?', [bob]);
      const send = (message: string) => world.call('/message/send', { sid, number: group.number, message });
      await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          at % 5 === 0 ? world.text(bob, group.number, textOf(at)) : send(textOf(at)),
        ),
      );
      const { http, headers, body } = await send(textOf(50));
      expect([http, headers.get('retry-after')]).to.deep.equal([503, seconds]);
      expect(body).to.include({ error_type: 'UNAVAILABLE', error_subtype: 'flood' });
      await world.quiet();
      expect(world.simulator.textsTo(cy).filter(({ text }) => /^Bob: /.test(text))).to.have.length(most);
    });
  }

  it('lines for a new group that come in the same instant are all kept', async () => {
    const founder = '+13045550001';
    await world.text(founder, world.serviceNumber, '*new Chess');
    await Promise.all(
      Array.from({ length: 8 }, (_, at) => world.text(founder, world.serviceNumber, `P${at} +1304555100${at}`)),
    );
    const kept = await row<{ members: string }>(
      world.runtime.db,
      'SELECT d.members FROM drafts d JOIN people p ON p.id = d.person_id WHERE p.phone = ?',
      [founder],
    );
    expect(JSON.parse(kept?.members ?? '{}').members).to.have.length(8);
    await Promise.all([1, 2, 3].map(() => world.text(founder, world.serviceNumber, '*done')));
    await world.quiet();
    const groups = await rows(
      world.runtime.db,
      'SELECT g.id FROM `groups` g JOIN people p ON p.id = g.owner_id WHERE p.phone = ?',
      [founder],
    );
    expect(groups).to.have.length(1);
  });

  it('lines that another release kept in a shape of its own are given up, and the group begun again', async () => {
    const founder = '+13045550002';
    const service = world.serviceNumber;
    for (const begun of [1, 2]) {
      await world.text(founder, service, '*new Chess');
      await world.quiet();
      for (const members of ['[]', '{"shape":"other","people":[["Bob","+13045551001"]]}']) {
        const [{ affectedRows }] = await world.runtime.db.raw(
          'UPDATE drafts d JOIN people p ON p.id = d.person_id SET d.members = ? WHERE p.phone = ?',
          [members, founder],
        );
        expect(affectedRows, `begun ${begun}`).to.equal(1);
      }
      expect(await world.text(founder, service, begun === 1 ? 'Cy +13045551002' : '*new Go')).to.equal(200);
      // Answers to texts of one moment may cross on their way.
      await world.quiet();
    }
    const told = world.simulator.textsTo(founder).map(({ text }) => text);
    expect(told[1]).to.match(/"Chess" was dropped.*\*new Chess starts it again/);
    expect(told[3]).to.match(/Who's in "Go"/);
  });

  it('a group that was founded by text is turned on, named and texted in, all by text', async () => {
    const [ann, bob] = ['+13055550001', '+13055550002'];
    await world.text(ann, world.serviceNumber, `*new Chess`);
    await world.text(ann, world.serviceNumber, `Bob ${bob}`);
    // Answers to texts of one moment may cross on their way.
    await world.quiet();
    await world.text(ann, world.serviceNumber, '*done');
    await world.quiet();
    const asked = world.simulator.textsTo(ann).at(-1);
    expect(asked?.text).to.match(/You made the group "Chess".*Reply YES/);
    const number = asked?.from ?? '';
    await world.text(ann, number, 'YES');
    await world.text(ann, number, '*name Ann');
    await world.text(ann, number, 'Checkmate');
    await world.quiet();
    expect(world.simulator.textsTo(bob).map(({ text }) => text)).to.deep.equal([
      `Group Texting: ${ann} added you to "Chess". Replies go to all. *bye leaves, STOP ends, HELP helps. Freq varies, msg&data rates may apply`,
      'Ann: Checkmate',
    ]);
  });

  it('a text to a number that was bought a moment ago is not dropped', async () => {
    // The process has just read its numbers.
    await world.text('+13105550001', world.pool[0] ?? '', 'Hello?');
    const bought = '+13105559999';
    await run(
      world.runtime.db,
      "INSERT INTO numbers (phone, carrier, kind, created_at) VALUES (?, 'plivo', 'pool', NOW())",
      [bought],
    );
    await world.text('+13105550002', bought, 'Hello?');
    const [hint] = await world.inbox('+13105550002', 1);
    expect(hint).to.include({ from: bought });
    expect(hint?.text).to.match(/You're not in a group at this number/);
  });

  it('a digest names whom it failed for, and after 10 minutes who is still open', async () => {
    const group = await startGroup(world, ['Ann', 'Bob', 'Cy', 'Di'], { areaCode: '306', replyToOwner: true });
    const ann = group.phones.Ann ?? '';
    await world.text(ann, group.number, '*digest on');
    await world.quiet();
    world.simulator.fault({ kind: 'undelivered', code: '50', phone: group.phones.Bob ?? '', times: 1 });
    world.simulator.fault({ kind: 'report_lost', phone: group.phones.Cy ?? '', times: 1 });
    await world.text(ann, group.number, 'Practice at 6');
    await world.inbox(group.phones.Cy ?? '', 2);
    await world.inbox(group.phones.Di ?? '', 2);
    await world.quiet();
    await sendDigests(world.runtime, new Date(Date.now() + 9 * 60_000));
    await world.quiet();
    expect(world.simulator.textsTo(ann).at(-1)?.text).not.to.match(/delivered/);
    await Promise.all([1, 2].map(() => sendDigests(world.runtime, new Date(Date.now() + 10 * 60_000))));
    await world.quiet();
    const digests = world.simulator.textsTo(ann).filter(({ text }) => /delivered to/.test(text));
    expect(digests.map(({ text }) => text)).to.deep.equal([
      '"Friends", text 1: delivered to 1, failed for 1 (Bob), opted out 0, still on the way to 1.',
    ]);
  });
});
