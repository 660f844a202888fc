import { expect } from 'chai';
import { row, run } from '../../db/connect.ts';
import { requeue } from '../../engine/delivery/reservations.ts';
import { sweep } from '../../engine/delivery/sweep.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openOperated, type, typeJson } from '../support/operator.ts';
import { until } from '../support/rows.ts';
import { openWorld, type World } from '../support/world.ts';

const PEOPLE = ['Ann', 'Bob', 'Cy', 'Dee', 'Eve', 'Flo'];

describe('an operator and messages', () => {
  let world: World;
  let group: TestGroup;
  let env: Record<string, string>;
  let ann: string;
  let bob: string;
  let cy: string;
  before(async () => {
    ({ world, env, group } = await openOperated(
      PEOPLE,
      { name: 'Hikers' },
      { env: { CARRIER_TIMEOUT_MS: '1000', UNKNOWN_WAIT_SECONDS: '60' } },
    ));
    [ann = '', bob = '', cy = ''] = Object.values(group.phones);
  });
  after(() => world.close());
  afterEach(() => world.simulator.clearFaults());

  /** Ann says it; returns its row. */
  async function say(text: string): Promise<number> {
    expect(await world.text(ann, group.number, text)).to.equal(200);
    const kept = await row<{ id: number }>(world.runtime.db, 'SELECT id FROM messages WHERE text LIKE ?', [`%${text}`]);
    return kept?.id ?? 0;
  }

  const reached = (text: string) => world.texts().filter((one) => one.text === `Ann: ${text}`).length;
  const money = () =>
    row<{ balance: number; reserved: number }>(
      world.runtime.db,
      'SELECT a.balance, a.reserved FROM accounts a JOIN people p ON p.id = a.person_id WHERE p.phone = ?',
      [ann],
    );
  const statesOf = async (id: number) => {
    const found = await row<{ states: string | null }>(
      world.runtime.db,
      "SELECT GROUP_CONCAT(DISTINCT IF(state = 'skipped', reason, state) ORDER BY state) AS states FROM deliveries WHERE message_id = ?",
      [id],
    );
    return found?.states ?? '';
  };

  /** Ann says it while the carrier refuses everything: then nothing goes out until an operator resumes. Returns its row. */
  async function sayInVain(text: string): Promise<number> {
    world.simulator.fault({ kind: 'no_credit' });
    const id = await say(text);
    await until('sending pauses, and nobody sends', async () => {
      const held = await row<{ pauses: number; claims: number }>(
        world.runtime.db,
        "SELECT (SELECT COUNT(*) FROM carrier_pauses) AS pauses, (SELECT COUNT(*) FROM batches WHERE claim <> '') AS claims",
      );
      return held?.pauses === 1 && held.claims === 0;
    });
    world.simulator.clearFaults();
    return id;
  }

  it('stop a wrong broadcast: nothing of it goes out, what was reserved is free, and other messages go on', async () => {
    const before = await money();
    const wrong = await sayInVain('Wrong');
    await say('Right');
    await until('both reserve their price', async () => (await money())?.reserved === 10);
    const rehearsed = await typeJson(`message cancel ${wrong} --dry-run`, env);
    expect(rehearsed).to.deep.equal({
      cancelled: [{ messageId: wrong, stopped: 5, underWay: 0, gone: 0 }],
      dryRun: true,
    });
    expect((await type(`message cancel ${wrong}`, env)).err).to.match(/Nobody is there to answer/);
    const asked = await type(`message cancel ${wrong} --reason "wrong group"`, env, 'y');
    expect(asked.asked).to.match(/Stop message \d+ \(no\. 1 of "Hikers"\), for all who do not have it yet/);
    expect(asked.out).to.match(/│ +5 │ +0 │ +0 │/);
    expect((await money())?.reserved).to.equal(5);
    expect((await type(`message cancel ${wrong} --yes`, env)).err).to.match(/was cancelled before/);
    expect((await type('sending resume plivo', env)).code).to.equal(0);
    await world.quiet();
    expect([reached('Wrong'), reached('Right')]).to.deep.equal([0, 5]);
    expect(await money()).to.deep.equal({ balance: (before?.balance ?? 0) - 5, reserved: 0 });
    expect(await statesOf(wrong)).to.equal('cancelled');
    expect((await type(`message trace ${wrong}`, env)).out).to.match(/cancelled \d{4}-[\s\S]*skipped[\s\S]*cancelled/);
  });

  it('stop what comes back later: a retry, and a try whose outcome is unknown', async () => {
    world.simulator.fault({ kind: '429', phone: bob });
    world.simulator.fault({ kind: 'timeout_before', phone: cy });
    const wrong = await say('Half wrong');
    await until('both have failed', async () => (await statesOf(wrong)) === 'queued,unknown,delivered');
    expect(await typeJson(`message cancel ${wrong} --yes`, env)).to.deep.equal({
      cancelled: [{ messageId: wrong, stopped: 1, underWay: 1, gone: 3 }],
    });
    world.simulator.clearFaults();
    await run(world.runtime.db, 'UPDATE deliveries SET due_at = NOW(3) WHERE message_id = ? AND due_at IS NOT NULL', [
      wrong,
    ]);
    await sweep(world.runtime);
    const hurried = await row<{ personId: number }>(
      world.runtime.db,
      "SELECT person_id AS personId FROM deliveries WHERE message_id = ? AND state = 'queued'",
      [wrong],
    );
    if (hurried !== undefined)
      await requeue(world.runtime, { tries: [{ messageId: wrong, ...hurried, part: 0, attempt: 1 }] });
    await until('both are settled', async () => (await statesOf(wrong)) === 'delivered,cancelled');
    await world.quiet();
    expect((await money())?.reserved).to.equal(0);
  });

  it('stop all that runs in a group, also what is not fanned out yet', async () => {
    const first = await sayInVain('First');
    const second = await say('Second');
    const { cancelled } = (await typeJson(`message cancel --group ${group.id} --yes`, env)) as {
      cancelled: { messageId: number }[];
    };
    expect(cancelled.map(({ messageId }) => messageId)).to.deep.equal([first, second]);
    await type('sending resume plivo', env);
    await world.quiet();
    expect([reached('First'), reached('Second')]).to.deep.equal([0, 0]);
    expect((await type(`message cancel --group ${group.id} --yes`, env)).err).to.match(/Nothing that members said/);
    expect((await type('message cancel --yes', env)).code).to.equal(2);
  });

  it('find a message by phone, number, group, carrier id and time, and trace its whole life', async () => {
    const id = await say('Where is it?');
    await world.quiet();
    const first = async (args: string) => {
      const { messages } = (await typeJson(`message find --last 1 ${args}`, env)) as { messages: { id: number }[] };
      return messages[0]?.id;
    };
    const {
      deliveries,
      message,
      money: paid,
    } = (await typeJson(`message trace ${id}`, env)) as {
      deliveries: { phone: string; carrierId: string; state: string; tries: object }[];
      message: { inboundId: string; from: string; group: string };
      money: object;
    };
    expect(message).to.include({ from: ann, group: 'Hikers' });
    expect(message.inboundId).to.be.a('string');
    expect(deliveries).to.have.length(5);
    expect(deliveries[0]).to.include({ state: 'delivered', phone: bob });
    expect(deliveries[0]?.tries).to.have.property('1');
    expect(paid).to.include({ payer: ann, reserved: 5, paid: 5 });
    for (const by of [
      `--phone ${ann}`,
      `--phone ${bob.slice(2)}`,
      `--number ${group.number}`,
      `--group ${group.id}`,
      '--from 10m',
    ])
      expect(await first(by), by).to.equal(id);
    expect(await first(`--carrier-id ${deliveries[0]?.carrierId}`)).to.equal(id);
    expect(await first('--until 1h --from 2h')).to.equal(undefined);
    for (const name of [`${id}-1-0-1`, message.inboundId, deliveries[0]?.carrierId])
      expect(((await typeJson(`message trace ${name}`, env)).message as { id: number }).id, name).to.equal(id);
    expect((await type('message find --phone +14445559999', env)).code).to.equal(1);
    expect((await type('message find --from yesterday', env)).err).to.match(/"yesterday" is no time/);
    expect((await type('message find --from 2026-01-02 --until 2026-01-01', env)).code).to.equal(2);
    expect((await type('message trace 999999', env)).err).to.match(/no message 999999/);
  });

  it('give what failed another try, by message, code and hour, and it is paid for once', async () => {
    const before = await money();
    world.simulator.fault({ kind: 'failed', code: '30', phone: bob });
    world.simulator.fault({ kind: 'failed', code: '50', phone: cy });
    const id = await say('Try again');
    await world.quiet();
    expect(await statesOf(id)).to.match(/delivered/);
    world.simulator.clearFaults();
    expect((await type('message requeue --code 70 --yes', env)).err).to.match(/No text has failed/);
    expect(await typeJson(`message requeue ${id} --dry-run`, env)).to.deep.equal({ requeued: 2, dryRun: true });
    expect(await typeJson('message requeue --code 30 --from 1h --yes', env)).to.deep.equal({ requeued: 1 });
    await sweepUntilReached(bob);
    await world.quiet();
    expect(await typeJson(`message requeue ${id} --yes`, env)).to.deep.equal({ requeued: 1 });
    await sweepUntilReached(cy);
    await world.quiet();
    expect(await money()).to.deep.equal({ balance: (before?.balance ?? 0) - 5, reserved: 0 });
    expect((await type(`message requeue ${id} --yes`, env)).code).to.equal(1);

    async function sweepUntilReached(phone: string) {
      await until(`${phone} has it`, async () => {
        await sweep(world.runtime);
        return world.textsTo(phone).filter(({ text }) => text === 'Ann: Try again').length === 2;
      });
    }
  });
});

describe('an operator and a broadcast that runs at the account’s pace', () => {
  const MEMBERS = 40;

  it('stop it half-way: who has it has it, nobody else gets it, and the last text leaves within 5 s', async () => {
    const world = await openWorld({ env: { ACCOUNT_MPS: '10' } });
    try {
      const env = { MYSQL_URL: world.runtime.config.MYSQL_URL };
      const names = Array.from({ length: MEMBERS + 1 }, (_, at) => `Member${at}`);
      const group = await startGroup(world, names, { name: 'Everybody' });
      const arrived = () => world.texts().filter(({ text }) => text === 'Member0: Wrong');
      expect(await world.text(Object.values(group.phones)[0] ?? '', group.number, 'Wrong')).to.equal(200);
      await until('the first have it', async () => arrived().length > 2);
      const answer = await typeJson(`message cancel --group ${group.id} --yes`, env);
      const stoppedAt = Date.now();
      const [one] = answer.cancelled as { stopped: number; underWay: number; gone: number }[];
      const { stopped = 0, underWay = 0, gone = 0 } = one ?? {};
      await world.quiet();
      expect(stopped).to.be.greaterThan(0);
      expect([stopped + underWay + gone, arrived().length + stopped]).to.deep.equal([MEMBERS, MEMBERS]);
      expect((arrived().at(-1)?.at ?? 0) - stoppedAt).to.be.lessThan(5_000);
    } finally {
      await world.close();
    }
  });
});
