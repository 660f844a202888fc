import { once } from 'node:events';
import { expect } from 'chai';
import { run } from '../../db/connect.ts';
import { signV3 } from '../../engine/carriers/plivo/signature.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { itRefuses } from '../support/refusals.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const phones = { Ann: '+14445550001', Bob: '+14445550002', Cid: '+14445550003', Dan: '+14445550004' };
const desk = '+14445550100';
const stranger = '+14445550900';

describe('calls to a group’s number', () => {
  let world: World;
  let hikers: TestGroup;
  let ann: string;
  const set = (forward_to: string) => world.call('/group/set', { sid: ann, number: hikers.number, forward_to });
  const call = (from: string, pickedUp = false) => world.simulator.call({ from, to: hikers.number, pickedUp });
  const textsOnly = /^Hello\. This number of Group Texting is for group text messages\./;

  before(async () => {
    world = await openWorld({ workers: false, env: { FORWARDED_CALLS_PER_DAY: '8' } });
    hikers = await startGroup(world, Object.keys(phones), { name: 'Hikers', phones, quiet: false });
    ann = await openSid(world, phones.Ann);
  });
  after(() => world.close());
  beforeEach(async () => {
    await world.runtime.redis.flushdb();
    expect((await set(desk)).body.status).to.equal('OK');
  });

  const no = ['BAD_REQUEST', 'forward_to', 400] as const;
  itRefuses('/group/set', () => world, [
    ['the phone is none', () => ({ sid: ann, number: hikers.number, forward_to: '12' }), ...no],
    ['it costs extra', () => ({ sid: ann, number: hikers.number, forward_to: '+19005550123' }), ...no],
    ['it is abroad', () => ({ sid: ann, number: hikers.number, forward_to: '+447700900123' }), ...no],
    ['it is a satellite’s', () => ({ sid: ann, number: hikers.number, forward_to: '+881612345678' }), ...no],
    ['the call would come back', () => ({ sid: ann, number: hikers.number, forward_to: hikers.number }), ...no],
    ['it is our PINs’', () => ({ sid: ann, number: hikers.number, forward_to: world.serviceNumber }), ...no],
  ]);

  /** What Plivo gets, byte for byte. */
  async function ask(from: string, more: Record<string, string> = {}): Promise<string> {
    const fields = { CallUUID: 'c', From: from.slice(1), To: hikers.number.slice(1), CallStatus: 'ringing', ...more };
    const signed = { method: 'POST', url: `${world.url}/plivo/call`, fields, nonce: `n${Math.random()}` } as const;
    const answer = await fetch(signed.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-plivo-signature-v3': signV3({ ...signed, authToken: 'test-token' }),
        'x-plivo-signature-v3-nonce': signed.nonce,
      },
      body: new URLSearchParams(fields).toString(),
    });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.match(/^application\/xml/);
    return answer.text();
  }

  it('ring where the owner wants, with a number of ours as caller id and an end', async () => {
    expect(await ask(phones.Bob)).to.equal(
      `<Response><Dial action="${world.url}/plivo/call" method="POST" timeout="25" timeLimit="600" callerId="${hikers.number}"><Number>${desk}</Number></Dial></Response>`,
    );
    expect(await ask(phones.Bob, { DialStatus: 'completed' })).to.equal('<Response><Hangup/></Response>');
    // Where the hang-up address of the application is this one, too.
    for (let at = 0; at < 9; at++)
      expect(await ask(phones.Bob, { CallStatus: 'completed' })).to.equal('<Response><Hangup/></Response>');
    expect(await ask(phones.Bob)).to.match(/<Dial /);
    for (const DialStatus of ['no-answer', 'busy', 'failed', 'timeout', 'cancel'])
      expect(await ask(phones.Bob, { DialStatus })).to.match(
        /^<Response><Speak voice="WOMAN" language="en-US" loop="2">Nobody picked up\. .*<\/Speak><Hangup\/><\/Response>$/,
      );
  });

  it('end with nothing said where somebody picked up, else with how to text', async () => {
    expect(await call(phones.Bob, true)).to.deep.include({ status: 200, said: '' });
    const missed = await call(phones.Bob);
    expect(missed.dialled).to.include({ to: desk, callerId: hikers.number });
    expect(missed.said).to.match(/^Nobody picked up\. To reach your group, send a text message/);
  });

  it('show a member of the group the number that they know it by', async () => {
    const other = await startGroup(world, ['Dan', 'Ann'], { name: 'Readers', phones, quiet: false });
    const sid = await openSid(world, phones.Dan);
    await world.call('/group/set', { sid, number: other.number, forward_to: phones.Dan });
    const { body } = await world.call('/member/groups', { sid: ann });
    const { number } = (body.groups as { name: string; number: string }[]).find(({ name }) => name === 'Readers') ?? {};
    const rang = await world.simulator.call({ from: phones.Ann, to: String(number) });
    expect(rang.dialled).to.include({ to: phones.Dan, callerId: other.number });
  });

  it('of strangers, hidden numbers, and who left or was removed, hear what the number is for', async () => {
    expect((await call(stranger)).said).to.match(textsOnly);
    expect(await ask('+anonymous'))
      .to.match(/Speak/)
      .and.not.match(/Dial/);
    await world.text(phones.Cid, hikers.number, '*bye');
    expect((await call(phones.Cid)).said).to.match(textsOnly);
    await world.text(phones.Cid, hikers.number, '*hi');
    expect((await call(phones.Cid)).dialled?.to).to.equal(desk);
    await world.text(phones.Ann, hikers.number, '*remove Cid');
    expect((await call(phones.Cid)).said).to.match(textsOnly);
  });

  it('to a group that is not on yet, or not any more, hear what the number is for, their owner too', async () => {
    const { body } = await world.call('/group/create', {
      group: 'Plans',
      name: 'Ann',
      number: phones.Ann,
      name_0: 'Bob',
      number_0: phones.Bob,
    });
    const number = String(body.number);
    expect((await world.simulator.call({ from: phones.Ann, to: number })).said).to.match(textsOnly);
    await world.text(phones.Ann, number, 'YES');
    await world.call('/group/set', { sid: ann, number, forward_to: desk });
    expect((await world.simulator.call({ from: phones.Bob, to: number })).dialled?.to).to.equal(desk);
    await world.text(phones.Ann, number, '*delete Plans');
    for (const from of [phones.Ann, phones.Bob])
      expect((await world.simulator.call({ from, to: number })).said).to.match(textsOnly);
  });

  it('are answered in the language in which we text who calls, by a voice of it', async () => {
    await set('');
    const { db } = world.runtime;
    await run(db, 'UPDATE people SET language = ? WHERE phone = ?', ['es', phones.Dan]);
    await run(db, 'UPDATE `groups` SET roster_version = roster_version + 1 WHERE id = ?', [hikers.id]);
    expect(await ask(phones.Dan)).to.match(
      /^<Response><Speak voice="WOMAN" language="es-US" loop="2">Hola\. Este número de Group Texting .*<\/Speak><Hangup\/><\/Response>$/,
    );
    expect(await ask(phones.Dan, { DialStatus: 'busy' })).to.match(/language="es-US" loop="2">Nadie contestó\. /);
    await run(db, 'UPDATE `groups` SET language = ?, roster_version = roster_version + 1 WHERE id = ?', [
      'fr',
      hikers.id,
    ]);
    expect(await ask(phones.Bob)).to.match(/language="fr-CA" loop="2">Bonjour\. /);
    expect(await ask(phones.Dan)).to.match(/language="es-US"/);
    expect(await ask(stranger)).to.match(/language="en-US"/);
    await run(db, 'UPDATE people SET language = NULL WHERE phone = ?', [phones.Dan]);
    await run(db, 'UPDATE `groups` SET language = NULL, roster_version = roster_version + 1 WHERE id = ?', [hikers.id]);
    expect(await ask(phones.Dan)).to.match(/language="en-US"/);
  });

  it('of who said STOP are not forwarded, nor any to who did', async () => {
    await world.text(phones.Bob, hikers.number, 'STOP');
    expect((await call(phones.Bob)).said).to.match(textsOnly);
    await world.text(phones.Bob, hikers.number, 'START');
    expect((await call(phones.Bob)).dialled?.to).to.equal(desk);
    await world.text(desk, hikers.number, 'STOP');
    expect((await call(phones.Bob)).said).to.match(textsOnly);
    expect((await set(desk)).body).to.include({ error_type: 'BAD_REQUEST', error_subtype: 'forward_to' });
    await world.text(desk, hikers.number, 'START');
  });

  it('by the phone itself, or where it has become a number of ours, are not forwarded', async () => {
    await set(phones.Bob);
    expect((await call(phones.Bob)).said).to.match(textsOnly);
    expect((await call(phones.Dan)).dialled?.to).to.equal(phones.Bob);
    await run(
      world.runtime.db,
      'UPDATE `groups` SET forward_to = ?, roster_version = roster_version + 1 WHERE id = ?',
      [world.pool.at(-1) ?? '', hikers.id],
    );
    expect((await call(phones.Dan)).said).to.match(textsOnly);
  });

  it('are not forwarded while the group is on hold or its account is used up', async () => {
    const { db } = world.runtime;
    await run(db, 'UPDATE `groups` SET paused = 1, roster_version = roster_version + 1 WHERE id = ?', [hikers.id]);
    expect((await call(phones.Bob)).said).to.match(textsOnly);
    await run(db, 'UPDATE `groups` SET paused = 0, roster_version = roster_version + 1 WHERE id = ?', [hikers.id]);
    const spend = 'UPDATE accounts a JOIN `groups` g ON g.owner_id = a.person_id SET a.reserved = ? WHERE g.id = ?';
    await run(db, spend, [1_000_000, hikers.id]);
    expect((await call(phones.Bob)).said).to.match(textsOnly);
    await run(db, spend, [0, hikers.id]);
    expect((await call(phones.Bob)).dialled?.to).to.equal(desk);
  });

  it('are forwarded so often a day and no more, of a group and to a phone', async () => {
    const rang = [];
    for (let at = 0; at < 10; at++) rang.push((await call(phones.Bob)).dialled !== undefined);
    expect(rang).to.deep.equal([...Array(8).fill(true), false, false]);
    await set(phones.Dan);
    expect((await call(phones.Bob)).dialled, 'another phone of the same group').to.equal(undefined);
  });

  it('hear what the number is for while Redis does not count', async () => {
    const { redis } = world.runtime;
    // Until then it counts as connected, and may take what it is asked.
    const isAway = once(redis, 'end');
    redis.disconnect();
    await isAway;
    try {
      expect((await call(phones.Bob)).said).to.match(textsOnly);
    } finally {
      await redis.connect();
    }
  });

  it('show where they ring to those alone who may change it', async () => {
    const shown = async (sid: string) =>
      ((await world.call('/member/groups', { sid })).body.groups as { name: string; forward_to: string }[]).find(
        ({ name }) => name === 'Hikers',
      )?.forward_to;
    expect(await shown(ann)).to.equal(desk);
    expect(await shown(await openSid(world, phones.Bob))).to.equal('');
    expect((await set('')).body.status).to.equal('OK');
    expect(await shown(ann)).to.equal('');
    expect((await call(phones.Bob)).said).to.match(textsOnly);
  });
});
