import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { row, rows, run } from '../db/connect.ts';
import { findPerson } from '../db/people/people.ts';
import { startGroup } from './support/group.ts';
import { openSid } from './support/session.ts';
import { openWorld, type World } from './support/world.ts';

/** What strangers do in somebody's name, and what becomes of it before that person agrees. */
describe('in a person’s name', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  const accountOf = (phone: string) =>
    row<{ email: string | null }>(
      world.runtime.db,
      'SELECT a.email FROM accounts a JOIN people p ON p.id = a.person_id WHERE p.phone = ?',
      [phone],
    );
  const create = async (params: Record<string, unknown>) => {
    const friend = { name_0: 'Bob', number_0: '+14445559001' };
    return (await world.call('/group/create', { group: 'Hikers', ...friend, ...params })).body;
  };

  it('a stranger who names a foreign e-mail leaves nothing: the own create decides', async () => {
    const vera = '+14445559002';
    await create({ number: vera, name: 'I am a thief', email: 'evil@attacker.example' });
    expect(await accountOf(vera)).to.equal(undefined);
    expect((await findPerson(world.runtime.db, vera))?.lastName).to.equal(null);
    const own = await create({ number: vera, name: 'Vera', email: 'vera@home.example' });
    expect(await world.text(vera, String(own.number), 'YES')).to.equal(200);
    expect(await accountOf(vera)).to.deep.equal({ email: 'vera@home.example' });
    expect((await findPerson(world.runtime.db, vera))?.lastName).to.equal('Vera');
  });

  it('an account that is open keeps its address, whatever a later create says', async () => {
    const vera = '+14445559003';
    const own = await create({ number: vera, name: 'Vera', email: 'vera@home.example' });
    await world.text(vera, String(own.number), 'YES');
    const foreign = await create({ number: vera, name: 'Vera', email: 'evil@attacker.example' });
    expect(foreign.first_group).to.equal(0);
    await world.text(vera, String(foreign.number), 'YES');
    expect(await accountOf(vera)).to.deep.equal({ email: 'vera@home.example' });
  });

  it('a group that was not turned on opens no account, and keeps no address when it lapses', async () => {
    const vera = '+14445559004';
    const { number } = await create({ number: vera, name: 'Vera', email: 'vera@home.example' });
    await world.text(vera, String(number), 'No');
    expect(await accountOf(vera)).to.equal(undefined);
  });
});

describe('the ledger of consents', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  /** Whose, what about, by whom, which way, with which words. */
  const ledgerOf = async (phone: string) =>
    (
      await rows<Record<'kind' | 'about' | 'by' | 'way' | 'wording' | 'inGroup', string | null>>(
        world.runtime.db,
        `SELECT c.kind, c.about, COALESCE(IF(c.by_id = c.person_id, 'self', b.phone), 'nobody') AS \`by\`, c.way,
           COALESCE(c.wording, IF(c.kind = 'asked', c.asked, NULL)) AS wording, COALESCE(g.name, n.phone) AS inGroup
         FROM consents c JOIN people p ON p.id = c.person_id LEFT JOIN people b ON b.id = c.by_id LEFT JOIN numbers n ON n.id = c.number_id
         LEFT JOIN \`groups\` g ON g.id = c.group_id
         WHERE p.phone = ? ORDER BY c.id`,
        [phone],
      )
    ).map(({ kind, about, by, way, wording, inGroup }) =>
      [kind, about, inGroup ?? 'all', by, way, wording ?? '-'].join(' / '),
    );

  it('keeps who agreed, left, stopped and started, by whom, which way and in which words', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers' });
    const [ann = '', bob = ''] = [phones.Ann, phones.Bob];
    const sid = await openSid(world, bob);
    await world.call('/member/bye', { sid, group: number });
    await world.text(bob, number, '*hi');
    await world.text(ann, number, '*owner Bob');
    await world.quiet();
    await world.text(bob, number, 'no');
    await run(world.runtime.db, "DELETE FROM hints WHERE subject LIKE 'offer:%'");
    await world.text(ann, number, '*owner Bob');
    await world.quiet();
    await world.text(bob, number, 'Yes!');
    await world.text(bob, number, 'STOP');
    await world.text(bob, number, 'START');
    const activates =
      'You made the group "Hikers" with 1 person besides you. Reply YES to turn it on. Nobody has been texted yet, and it expires in 72 hours.';
    expect(await ledgerOf(ann)).to.deep.equal([
      `asked / ownership / Hikers / nobody / text / ${activates}`,
      'consent / ownership / Hikers / self / text / YES',
    ]);
    const offers = `asked / ownership / Hikers / ${ann} / text / Ann wants you to take over the group "Hikers": you'd own it and pay for its texts. Reply YES or NO within 72 hours.`;
    expect(await ledgerOf(bob)).to.deep.equal([
      `consent / membership / Hikers / ${ann} / text / YES`,
      'leave / membership / Hikers / self / call / -',
      'consent / membership / Hikers / self / text / *hi',
      offers,
      'refusal / ownership / Hikers / self / text / no',
      offers,
      'consent / ownership / Hikers / self / text / Yes!',
      'stop / texts / all / self / text / STOP',
      'start / texts / all / self / text / START',
    ]);
  });

  it('keeps with each answer the text of ours that asked, without its PIN, and a NO to an activation', async () => {
    const ann = '+14445556001';
    const others = { name_0: 'Bob', number_0: '+14445556002' };
    const { body } = await world.call('/group/create', {
      ...{ group: 'Owls', name: 'Ann', number: ann, send_pin: 1, ...others },
    });
    await world.text(ann, String(body.number), 'No');
    await world.text(ann, String(body.number), 'YES');
    const kept = await rows<{ kind: string; asked: string | null }>(
      world.runtime.db,
      'SELECT c.kind, c.asked FROM consents c JOIN people p ON p.id = c.person_id WHERE p.phone = ? ORDER BY c.id',
      [ann],
    );
    expect(kept.map(({ kind }) => kind)).to.deep.equal(['asked', 'refusal', 'consent']);
    for (const { asked } of kept) expect(asked).to.match(/^You made the group "Owls" .* expires in 72 hours\.$/);
  });

  it('keeps who was asked by which call or member, what was answered, and who took somebody off the list', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers' });
    const [ann = '', bob = ''] = [phones.Ann, phones.Bob];
    const [eve, flo] = ['+14445556011', '+14445556012'];
    const sid = await openSid(world, ann);
    await world.call('/group/set', { sid, number, invite_code: 'ledger-1' });
    await world.call('/group/join', { invite_code: 'ledger-1', name: 'Eve', number: eve });
    await world.call('/group/join', { sid, invite_code: 'ledger-1', name: 'Flo', number: flo });
    await world.call('/device/register', { number: eve, type: 'android', token: 'eve' });
    await world.call('/member/remove', { sid, group: number, number: bob });
    await world.text(flo, world.serviceNumber, 'no');
    const short = (lines: string[]) => lines.map((line) => line.replace(/(asked \/ .*? \/ text) .*/, '$1'));
    expect(short(await ledgerOf(eve))).to.deep.equal([
      'asked / membership / Hikers / nobody / text',
      'asked / device / all / nobody / text',
    ]);
    expect(short(await ledgerOf(flo))).to.deep.equal([
      `asked / membership / Hikers / ${ann} / text`,
      'refusal / membership / Hikers / self / text / no',
    ]);
    expect(await ledgerOf(bob)).to.deep.equal([
      `consent / membership / Hikers / ${ann} / text / YES`,
      `leave / membership / Hikers / ${ann} / call / -`,
    ]);
  });

  it('is only ever added to', () => {
    const files = readdirSync('db', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const writes = files.filter((file) =>
      /(UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+`?consents/i.test(readFileSync(path.join('db', file), 'utf8')),
    );
    expect(writes).to.deep.equal([]);
  });
});

describe('who is asked before they become a member', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  const textsTo = (phone: string) => world.simulator.textsTo(phone).map(({ text }) => text);
  const inGroup = async (phone: string, number: string) => {
    const { body } = await world.call('/member/groups', { sid: await openSid(world, phone) });
    return (body.groups as { number: string; bye: number }[]).some((group) => group.number === number);
  };
  const reply = async (phone: string, text: string) => {
    expect(await world.text(phone, world.serviceNumber, text)).to.equal(200);
    await world.quiet();
  };
  let codes = 0;
  const openGroup = async (name: string) => {
    const group = await startGroup(world, ['Ann', 'Bob'], { name });
    const sid = await openSid(world, group.phones.Ann ?? '');
    const code = `consent-${++codes}`;
    await world.call('/group/set', { sid, number: group.number, invite_code: code });
    return { ...group, sid, code };
  };

  it('is who joins by a call without a session of their phone: one text, and in with YES', async () => {
    const { number, code } = await openGroup('Hikers');
    const eve = '+14445558001';
    for (const name of ['Eve', 'Eve B'])
      expect((await world.call('/group/join', { invite_code: code, name, number: eve })).body).to.deep.equal({
        status: 'OK',
        name: 'Hikers',
      });
    await world.quiet();
    expect(textsTo(eve)).to.have.length(1);
    expect(textsTo(eve)[0]).to.match(/^Group Texting: join "Hikers" as Eve\? Reply YES within 72 hours.*STOP/);
    expect(await inGroup(eve, number)).to.equal(false);
    expect((await findPerson(world.runtime.db, eve))?.lastName).to.equal(null);
    await reply(eve, 'YES');
    expect(await inGroup(eve, number)).to.equal(true);
    expect(textsTo(eve).at(-1)).to.match(/^Group Texting: you are in "Hikers"/);
    expect((await findPerson(world.runtime.db, eve))?.lastName).to.equal('Eve');
  });

  it('is in at once with a session of their own phone, or by JOIN', async () => {
    const { number, code } = await openGroup('Hikers');
    const [eve, flo] = ['+14445558011', '+14445558012'];
    const sid = await openSid(world, eve);
    await world.call('/group/join', { sid, invite_code: code, name: 'Eve', number: eve });
    expect(await inGroup(eve, number)).to.equal(true);
    await world.call('/group/join', { sid, invite_code: code, name: 'Flo', number: flo });
    expect(await inGroup(flo, number)).to.equal(false);
    await reply(flo, `JOIN ${code} Flo`);
    expect(await inGroup(flo, number)).to.equal(true);
  });

  it('is no member with NO, nor with a YES after 72 hours, and is asked again then', async () => {
    const { number, code } = await openGroup('Hikers');
    const eve = '+14445558021';
    const join = () => world.call('/group/join', { invite_code: code, name: 'Eve', number: eve });
    await join();
    await world.quiet();
    await reply(eve, 'No');
    expect(textsTo(eve).at(-1)).to.match(/you're not in "Hikers"/);
    await reply(eve, 'YES');
    expect(await inGroup(eve, number)).to.equal(false);
    const heard = textsTo(eve).length;
    expect((await join()).body.status).to.equal('OK');
    await world.quiet();
    expect(textsTo(eve), 'a NO holds for a day').to.have.length(heard);
    await run(world.runtime.db, 'UPDATE consents SET at = at - INTERVAL 25 HOUR');
    await join();
    await run(world.runtime.db, 'UPDATE invitations SET expires_at = NOW(3)');
    await reply(eve, 'YES');
    expect(await inGroup(eve, number)).to.equal(false);
    await join();
    await reply(eve, 'YES');
    expect(await inGroup(eve, number)).to.equal(true);
  });

  it('says to which group YES goes where several ask', async () => {
    const [hikers, owls] = [await openGroup('Hikers'), await openGroup('Owls')];
    const eve = '+14445558031';
    for (const { code } of [hikers, owls])
      await world.call('/group/join', { invite_code: code, name: 'Eve', number: eve });
    await world.quiet();
    await reply(eve, 'YES');
    expect([await inGroup(eve, hikers.number), await inGroup(eve, owls.number)]).to.deep.equal([false, false]);
    const code = /YES (\d{4}) for "Owls"/.exec(textsTo(eve).at(-1) ?? '')?.[1];
    await reply(eve, `yes ${code}`);
    expect(textsTo(eve).at(-1)).to.match(/you are in "Owls"/);
    await reply(eve, 'yes');
    expect(textsTo(eve).at(-1)).to.match(/you are in "Hikers"/);
  });
});

describe('with CONSENT=ask', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ env: { CONSENT: 'ask' } });
  });
  after(() => world.close());

  it('everybody who is named is asked first: by a create, by *add and by /member/add', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers' });
    const [ann = '', bob = ''] = [phones.Ann, phones.Bob];
    const [cid, dee] = ['+14445557001', '+14445557002'];
    const last = (phone: string) => world.simulator.textsTo(phone).at(-1)?.text;
    expect(last(ann)).to.match(/^"Hikers" is on! Everyone you named was asked/);
    await world.text(ann, number, `*add Cid ${cid}`);
    const sid = await openSid(world, ann);
    expect((await world.call('/member/add', { sid, group: number, name: 'Dee', number: dee })).body.status).to.equal(
      'OK',
    );
    await world.quiet();
    expect(last(ann)).to.match(/^Asked to join "Hikers": Cid/);
    const roster = async () => {
      const { body } = await world.call('/member/groups', { sid });
      return (body.groups as { members: { name: string }[] }[])[0]?.members.map(({ name }) => name);
    };
    expect(await roster()).to.deep.equal(['Ann']);
    const asked = last(cid);
    await world.text(cid, world.serviceNumber, 'Who is this?');
    await world.quiet();
    const toCid = world.simulator.textsTo(cid).map(({ text }) => text);
    expect(toCid, 'who is asked and wonders is asked again').to.deep.equal([asked, asked]);
    expect(await roster()).to.deep.equal(['Ann']);
    for (const phone of [bob, cid, dee]) {
      expect(last(phone)).to.match(/^Group Texting: Ann asks you to join "Hikers" as \w+\? Reply YES/);
      await world.text(phone, world.serviceNumber, 'YES');
    }
    expect(await roster()).to.have.members(['Ann', 'Bob', 'Cid', 'Dee']);
  });
});

describe('changes of an account', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  it('are told to its phone, one text for each; *logout and all=1 end every session', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers' });
    const [ann = '', bob = ''] = [phones.Ann, phones.Bob];
    const told = async () => {
      await world.quiet();
      return world.simulator.textsTo(ann).flatMap(({ text }) => /your account has (.*?)\. If/.exec(text)?.[1] ?? []);
    };
    const sid = await openSid(world, ann);
    const contact = { sid, email: 'ann@example.com', zip: '94107' };
    await world.call('/account/set', contact);
    await world.call('/account/set', { ...contact, zip: '94108' });
    expect(await told()).to.deep.equal(['a new e-mail address']);
    await world.call('/account/password', { sid, password: 'a fine long sentence' });
    expect(await told()).to.deep.equal(['a new e-mail address', 'a new password']);
    const isLive = async (one: string) => (await world.call('/member/groups', { sid: one })).http === 200;
    await world.text(ann, world.serviceNumber, '*logout');
    expect(await isLive(sid)).to.equal(false);
    const [first, second, third] = [await openSid(world, bob), await openSid(world, bob), await openSid(world, bob)];
    await world.call('/member/logout', { sid: first });
    expect([await isLive(first), await isLive(second)]).to.deep.equal([false, true]);
    await world.call('/member/logout', { sid: second, all: 1 });
    expect(await isLive(third)).to.equal(false);
    const fourth = await openSid(world, bob);
    await world.text(bob, number, '*logout');
    expect(await isLive(fourth)).to.equal(false);
  });
});
