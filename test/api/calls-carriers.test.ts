import { expect } from 'chai';
import { startGroup } from '../support/group.ts';
import { until } from '../support/rows.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const phones = { Ann: '+14445550001', Bob: '+14445550002' };
const desk = '+14445550100';
const stranger = '+14445550900';

describe('calls to numbers of two carriers', () => {
  let world: World;
  const atPlivo = '+12015551001';
  const atTelnyx = '+12015551002';
  before(async () => {
    world = await openWorld({
      workers: false,
      carriers: ['telnyx', 'plivo'],
      env: {
        NUMBER_POOL: atTelnyx,
        PLIVO_NUMBERS: atPlivo,
        FORWARDED_CALLS_PER_DAY: '2',
        OPS_PASSWORD: 'an operator in a test',
      },
    });
  });
  after(() => world.close());

  const readMetrics = async () => {
    const authorization = `Basic ${Buffer.from('ops:an operator in a test').toString('base64')}`;
    return (await fetch(`${world.url}/ops/metrics`, { headers: { authorization } })).text();
  };

  it('are answered in the words of the carrier, and by its own key alone', async () => {
    const group = await startGroup(world, ['Ann', 'Bob'], { name: 'Choir', phones, quiet: false });
    const sid = await openSid(world, phones.Ann);
    await world.call('/group/set', { sid, number: group.number, forward_to: desk });
    expect([atPlivo, atTelnyx]).to.include(group.number);
    const [own, other] = group.number === atTelnyx ? [world.telnyx, world.simulator] : [world.simulator, world.telnyx];
    const made = { from: phones.Bob, to: group.number };
    expect((await own.call({ ...made, pickedUp: true })).dialled).to.deep.include({
      to: desk,
      callerId: group.number,
      ringSeconds: 25,
      limitSeconds: 600,
    });
    const missed = await own.call(made);
    expect(missed.said).to.match(/^Nobody picked up\./);
    const elsewhere = await other.call(made);
    expect(elsewhere.dialled).to.equal(undefined);
    expect(elsewhere.said).to.match(/^Hello\. This number/);
    expect((await own.call(made)).dialled, 'the third of a day').to.equal(undefined);
    const counts = { forwarded: 2, missed: 1, group_limit: 1, phone_limit: 0, system_limit: 0, told: 2 };
    await until('operators see them', async () => {
      const shown = await readMetrics();
      return Object.entries(counts).every(([end, count]) =>
        shown.includes(`texting_system_calls_total{outcome="${end}"} ${count}\n`),
      );
    });
  });

  it('say at Telnyx what the number is for, and are 403 with the key of somebody else', async () => {
    const made = { from: stranger, to: atTelnyx };
    expect(await world.telnyx.call(made)).to.deep.include({ status: 200 });
    expect((await world.telnyx.call(made)).said).to.match(/^Hello\. This number of Group Texting/);
    await world.text(phones.Ann, world.serviceNumber, '*language français');
    expect((await world.telnyx.call({ ...made, from: phones.Ann })).said).to.match(
      /^Bonjour\. Ce numéro de Group Texting/,
    );
    world.telnyx.fault({ kind: 'webhook_forged', times: 1 });
    expect(await world.telnyx.call(made)).to.deep.equal({ status: 403, said: '' });
    const bare = await fetch(`${world.url}/telnyx/call`, { method: 'POST', body: 'From=%2B14445550900' });
    expect(bare.status).to.equal(403);
  });
});
