import { expect } from 'chai';
import { run } from '../../../db/connect.ts';
import { networkOf } from '../../../dev/simulator/networks.ts';
import { learnNetworks } from '../../../engine/delivery/phone-networks.ts';
import { requeue } from '../../../engine/delivery/reservations.ts';
import { networkDay } from '../../../engine/rules/networks.ts';
import { countSegments } from '../../../engine/rules/segments.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { type, typeJson } from '../../support/operator.ts';
import { booksOf, deliveryIn } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { openWorld, type World } from '../../support/world.ts';

const CAP = 100;
const PASSWORD = 'an operator in a test';

/** The carrier reports the networks of phones by its own table, as it would to anybody. */
describe('what a campaign may send to a network in a day', () => {
  let world: World;
  let env: Record<string, string>;
  let group: TestGroup;
  let onTmobile: string[];

  before(async () => {
    world = await openWorld({ env: { TRIAL_BALANCE: '10000', OPS_PASSWORD: PASSWORD } });
    env = { MYSQL_URL: world.runtime.config.MYSQL_URL };
    await run(world.runtime.db, "UPDATE numbers SET campaign = 'C1'");
    await type(`campaign set C1 --network tmobile --cap ${CAP}`, env);
    await type('campaign set C1 --network att --cap 5000', env);
    const names = ['Ann', 'Bob', 'Cy', 'Dee', 'Eve', 'Fay', 'Gus', 'Hal', 'Ida', 'Jon', 'Kim', 'Lee', 'Mia'];
    group = await startGroup(world, names);
    onTmobile = names.slice(1).filter((name) => networkOf(group.phones[name] ?? '').name === 'T-Mobile');
    expect(onTmobile.length).to.be.at.least(3);
  });
  after(() => world.close());

  type Cap = { network: string; segmentsADay: number; used: number; waiting: number };
  async function capOf(network: string): Promise<Cap | undefined> {
    const { campaigns } = (await typeJson('campaign list', env)) as { campaigns: { name: string; caps: Cap[] }[] };
    return campaigns.find(({ name }) => name === 'C1')?.caps.find((cap) => cap.network === network);
  }
  const phoneOf = (name: string) => group.phones[name] ?? '';
  const copiesOf = (name: string, text: string) =>
    world.textsTo(phoneOf(name)).filter((one) => one.text.endsWith(text)).length;

  it('is counted by what reports say, of phones that no report had named yet as well', async () => {
    const sent = world
      .texts()
      .filter(({ to }) => networkOf(to).name === 'T-Mobile')
      .reduce((sum, { text }) => sum + countSegments(text).segments, 0);
    expect(await capOf('tmobile')).to.deep.equal({ network: 'tmobile', segmentsADay: CAP, used: sent, waiting: 0 });
  });

  it('holds what finds no room until the day ends, lets other networks go on, and tells the operator', async () => {
    await run(world.runtime.db, "UPDATE campaign_days SET segments = ? WHERE network = 'tmobile'", [CAP - 1]);
    await world.text(phoneOf('Ann'), group.number, 'See you at noon');
    const states = await Promise.all(
      onTmobile.map(async (name, at) => {
        const of = { phone: phoneOf(name), text: 'See you at noon' };
        // The first in the order of people takes the last segment.
        return deliveryIn(world, of, { state: at === 0 ? 'delivered' : 'queued', attempt: 1 });
      }),
    );
    const { endsAt } = networkDay(new Date());
    for (const { queuedAt, pauses, charged, reason } of states.slice(1)) {
      expect(Math.abs((queuedAt?.getTime() ?? 0) - endsAt.getTime())).to.be.below(2_000);
      expect({ pauses, charged, reason }).to.deep.equal({
        pauses: 1,
        charged: 0,
        reason: 'the daily cap of its network is used up',
      });
    }
    for (const name of Object.keys(group.phones).slice(1))
      if (!onTmobile.includes(name)) {
        await deliveryIn(world, { phone: phoneOf(name), text: 'See you at noon' }, { state: 'delivered' });
        expect(copiesOf(name, 'See you at noon'), name).to.equal(1);
      }
    expect(await capOf('tmobile')).to.include({ used: CAP, waiting: onTmobile.length - 1 });
    const { body } = await metrics();
    expect(body).to.match(/texting_system_campaign_segments_used\{campaign="C1",network="tmobile"\} 100/);
    expect(body).to.match(/texting_system_campaign_segments_allowed\{campaign="C1",network="tmobile"\} 100/);
    expect(body).to.contain(
      `texting_system_campaign_segments_waiting{campaign="C1",network="tmobile"} ${onTmobile.length - 1}`,
    );
  });

  async function metrics(): Promise<{ body: string }> {
    const headers = { Authorization: `Basic ${Buffer.from(`ops:${PASSWORD}`).toString('base64')}` };
    const answer = await fetch(`${world.url}/ops/metrics`, { headers });
    return { body: await answer.text() };
  }

  it('lets them go when the next day has begun, once each, and the books agree', async () => {
    await run(world.runtime.db, 'UPDATE campaign_days SET day = day - INTERVAL 1 DAY');
    for (const name of onTmobile.slice(1)) {
      const of = { phone: phoneOf(name), text: 'See you at noon' };
      await requeue(world.runtime, { tries: [await deliveryIn(world, of, { state: 'queued' })] });
      await deliveryIn(world, of, { state: 'delivered', attempt: 2 });
    }
    await world.quiet();
    for (const name of onTmobile) expect(copiesOf(name, 'See you at noon'), name).to.equal(1);
    const { balance, ledger, charged, trial } = await booksOf(world, phoneOf('Ann'));
    expect({ balance, ledger }).to.deep.equal({ balance: trial - charged, ledger: trial - charged });
    expect(await capOf('tmobile')).to.include({ used: onTmobile.length - 1, waiting: 0 });
  });

  it('moves with a phone that a report names another network for, once', async () => {
    const [name = ''] = onTmobile.slice(1);
    const { messageId, personId } = await deliveryIn(
      world,
      { phone: phoneOf(name), text: 'See you at noon' },
      { state: 'delivered' },
    );
    const [tmobile, att] = [await capOf('tmobile'), await capOf('att')];
    const runtime = runtimeWith(world.runtime, {});
    const event = { kind: 'report', attempt: 2, status: 'delivered', meaning: null, sequence: 3 } as const;
    const report = { of: { messageId, personId, part: 0, attempt: 2 }, event, network: '310410' };
    await Promise.all([learnNetworks(runtime, [report]), learnNetworks(world.runtime, [report])]);
    expect([(await capOf('tmobile'))?.used, (await capOf('att'))?.used]).to.deep.equal([
      (tmobile?.used ?? 0) - 1,
      (att?.used ?? 0) + 1,
    ]);
  });
});
