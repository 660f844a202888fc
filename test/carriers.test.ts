import { expect } from 'chai';
import { row, rows, run } from '../db/connect.ts';
import { until } from './support/rows.ts';
import { openWorld, type World } from './support/world.ts';

const alice = '+14445550001';
const bob = '+14445550002';
const carol = '+14445550003';
const dave = '+14445550004';
const erin = '+14445550005';

describe('two carriers in service at once, each number by its own', () => {
  let world: World;
  /** One number at each carrier. */
  const atPlivo = '+12015551001';
  const atTelnyx = '+12015551002';

  before(async () => {
    world = await openWorld({
      carriers: ['plivo', 'telnyx'],
      env: { NUMBER_POOL: atPlivo, TELNYX_NUMBERS: atTelnyx },
    });
    await start('Chess', alice, [bob]); // through Plivo
    await start('Choir', carol, [dave]); // through Telnyx, which carries less
    await start('Picnic', erin, [bob, dave]); // Bob has the one number already, Dave the other
  });
  after(() => world?.close());

  async function start(group: string, owner: string, members: string[]): Promise<string> {
    const pairs = members.flatMap((phone, at) => [
      [`name_${at}`, names.get(phone)],
      [`number_${at}`, phone],
    ]);
    const { body } = await world.call('/group/create', {
      group,
      name: names.get(owner),
      number: owner,
      ...Object.fromEntries(pairs),
    });
    expect(body.status).to.equal('OK');
    await world.text(owner, String(body.number), 'YES');
    await world.quiet();
    return String(body.number);
  }
  const names = new Map([
    [alice, 'Alice'],
    [bob, 'Bob'],
    [carol, 'Carol'],
    [dave, 'Dave'],
    [erin, 'Erin'],
  ]);
  const kept = () => row<{ texts: number }>(world.runtime.db, 'SELECT COUNT(*) AS texts FROM inbound_texts');

  it('a group whose members use numbers of both is reached through both', async () => {
    expect(await world.text(dave, atPlivo, 'Who brings the salad?')).to.equal(200);
    await world.quiet();
    expect(world.textsTo(erin).at(-1)).to.include({ from: atPlivo, text: 'Dave: Who brings the salad?' });
    expect(world.textsTo(bob).at(-1)).to.include({ from: atTelnyx, text: 'Dave: Who brings the salad?' });
    expect(await world.text(bob, atTelnyx, 'I do')).to.equal(200);
    await world.quiet();
    expect(world.textsTo(dave).at(-1)).to.include({ from: atPlivo, text: 'Bob: I do' });
    const sources = (texts: readonly { from: string }[]) => [...new Set(texts.map(({ from }) => from))].sort();
    // PINs and account texts would come from the service number, which is at the main one.
    expect(sources(world.simulator.accepted)).to.deep.equal([atPlivo]);
    expect(sources(world.telnyx.accepted)).to.deep.equal([atTelnyx]);
    const states = await rows<{ state: string }>(world.runtime.db, 'SELECT DISTINCT state FROM deliveries');
    expect(states).to.deep.equal([{ state: 'delivered' }]);
  });

  it('a text that one carrier brings to a number of the other is refused and leaves no trace', async () => {
    const before = await kept();
    expect((await world.simulator.text({ from: bob, to: atTelnyx, text: 'by the wrong door' })).status).to.equal(403);
    expect((await world.telnyx.text({ from: dave, to: atPlivo, text: 'by the wrong door' })).status).to.equal(403);
    expect(await kept()).to.deep.equal(before);
  });

  it('a text with a signature of somebody else is refused at either and leaves no trace', async () => {
    const before = await kept();
    world.telnyx.fault({ kind: 'webhook_forged', times: 1 });
    world.simulator.fault({ kind: 'webhook_forged', times: 1 });
    expect(await world.text(bob, atTelnyx, 'forged')).to.equal(403);
    expect(await world.text(dave, atPlivo, 'forged')).to.equal(403);
    expect(await kept()).to.deep.equal(before);
  });

  it('while one is paused, with more waiting for it than a sender works at, the other goes on', async () => {
    world.telnyx.fault({ kind: 'refuse', status: 402, code: '20100', title: 'Insufficient Funds' });
    const before = { erin: world.textsTo(erin).length, bob: world.textsTo(bob).length };
    const count = 90;
    for (let at = 1; at <= count; at++) expect(await world.text(dave, atPlivo, `Plate ${at}`)).to.equal(200);
    await world.inbox(erin, before.erin + count);
    expect(world.textsTo(bob)).to.have.length(before.bob);
    const pauses = await rows(world.runtime.db, 'SELECT carrier, error_code AS errorCode FROM carrier_pauses');
    expect(pauses).to.deep.equal([{ carrier: 'telnyx', errorCode: 20100 }]);

    world.telnyx.clearFaults();
    // Two minutes have passed, for the pause and for what met it.
    await until('everything is sent', async () => {
      await run(world.runtime.db, 'UPDATE carrier_pauses SET until = NOW(3)');
      await run(world.runtime.db, "UPDATE deliveries SET due_at = NOW(3) WHERE state = 'queued'");
      return world.textsTo(bob).length >= before.bob + count;
    });
    await world.quiet();
    expect(world.textsTo(bob)).to.have.length(before.bob + count);
    expect(await rows(world.runtime.db, 'SELECT carrier FROM carrier_pauses')).to.deep.equal([]);
  });

  it('a phone that has opted out at its carrier is blocked, and the owner hears of it', async () => {
    world.telnyx.fault({
      kind: 'refuse',
      status: 400,
      code: '40300',
      title: 'Blocked due to STOP message',
      phone: bob,
      times: 1,
    });
    await world.text(dave, atPlivo, 'Is Bob there?');
    await world.quiet();
    expect(world.textsTo(erin).at(-1)?.text).to.match(/Bob replied STOP/);
    const blocked = await row<{ blocked: number }>(
      world.runtime.db,
      'SELECT blocked_at IS NOT NULL AS blocked FROM people WHERE phone = ?',
      [bob],
    );
    expect(blocked).to.deep.equal({ blocked: 1 });
    await world.text(bob, atTelnyx, 'START');
    await world.quiet();
    await world.text(dave, atPlivo, 'Welcome back');
    await world.quiet();
    expect(world.textsTo(bob).at(-1)).to.include({ from: atTelnyx, text: 'Dave: Welcome back' });
  });
});
