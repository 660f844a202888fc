import { expect } from 'chai';
import { type Db, row, rows, run } from '../../../db/connect.ts';
import type { Connection } from '../../../db/connection.ts';
import type { Fault } from '../../../dev/simulator/faults.ts';
import { acceptReport } from '../../../engine/delivery/report.ts';
import { requeue } from '../../../engine/delivery/reservations.ts';
import { sweep } from '../../../engine/delivery/sweep.ts';
import type { Runtime } from '../../../engine/platform/runtime.ts';
import { tryName } from '../../../engine/rules/try-name.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { booksOf, type DeliverySeen, deliveryIn, deliveryOf, until } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { openWorld, type World } from '../../support/world.ts';

/**
 * One text to one phone, whatever the carrier answers and reports. Backoffs of seconds and minutes are not waited for:
 * the delivery is put in line at once.
 */
describe('a delivery', () => {
  let world: World;

  before(async () => {
    world = await openWorld({
      env: { CARRIER_TIMEOUT_MS: '1000', UNKNOWN_WAIT_SECONDS: '60', TRIAL_BALANCE: '10000' },
    });
  });
  after(() => world?.close());
  afterEach(() => world.simulator.clearFaults());

  function sentTo(phone: string | undefined, text: string): number {
    return world.simulator.textsTo(phone ?? '').filter((one) => one.text.endsWith(text)).length;
  }

  async function expectBooksToAgree(owner: string | undefined): Promise<void> {
    const { balance, ledger, charged, trial } = await booksOf(world, owner ?? '');
    expect({ balance, ledger }).to.deep.equal({ balance: trial - charged, ledger: trial - charged });
  }

  /** The backoff is over. */
  async function hurry({ messageId, personId, part, attempt }: DeliverySeen): Promise<void> {
    await requeue(world.runtime, { tries: [{ messageId, personId, part, attempt }] });
  }

  /** Alice says it; those whom it does not reach yet are all seen in their backoff, which is of seconds. */
  async function textAndSee(
    group: TestGroup,
    text: string,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, DeliverySeen>> {
    const saidAt = Date.now();
    await world.text(group.phones.Alice ?? '', group.number, text);
    const seen = await Promise.all(
      names.map((name) =>
        deliveryIn(world, { phone: group.phones[name] ?? '', text }, { state: 'queued', attempt: 1 }),
      ),
    );
    const seenAt = Date.now();
    for (const { queuedAt } of seen)
      expect(queuedAt?.getTime(), 'the end of its backoff').to.be.within(saidAt + 2_500, seenAt + 7_500);
    return new Map(seen.map((one, at) => [names[at] ?? '', one]));
  }

  /** Nothing more was heard of an unknown send. */
  async function giveUp({ messageId, personId }: DeliverySeen): Promise<void> {
    const at = [messageId, personId];
    await run(world.runtime.db, 'UPDATE deliveries SET due_at = NOW(3) WHERE message_id = ? AND person_id = ?', at);
    await sweep(world.runtime);
  }

  describe('when the carrier answers the send', () => {
    type Answered = {
      fault: Fault['kind'];
      first: string;
      reason: RegExp | null;
      sent: number;
      end: string;
      attempts: number;
    };
    /** `first`: its state after the first try; `sent`: how often the handset has it; `end` and `attempts`: what becomes of it. */
    const answers: readonly Answered[] = [
      { fault: '429', first: 'queued', reason: /^429/, sent: 1, end: 'delivered', attempts: 2 },
      { fault: '500', first: 'queued', reason: /^500/, sent: 1, end: 'delivered', attempts: 2 },
      { fault: '502', first: 'queued', reason: /^502/, sent: 1, end: 'delivered', attempts: 2 },
      { fault: '503', first: 'queued', reason: /^503/, sent: 1, end: 'delivered', attempts: 2 },
      { fault: '400', first: 'failed', reason: /^400/, sent: 0, end: 'failed', attempts: 1 },
      {
        fault: 'error_in_200',
        first: 'unknown',
        reason: /without a message_uuid/,
        sent: 1,
        end: 'delivered',
        attempts: 2,
      },
      { fault: 'timeout_before', first: 'unknown', reason: /timed out/, sent: 1, end: 'delivered', attempts: 2 },
      { fault: 'reset_before', first: 'unknown', reason: /^sent, then/, sent: 1, end: 'delivered', attempts: 2 },
      { fault: 'timeout_after', first: 'delivered', reason: null, sent: 1, end: 'delivered', attempts: 1 },
      { fault: 'reset_after', first: 'delivered', reason: null, sent: 1, end: 'delivered', attempts: 1 },
      { fault: 'wrong_json', first: 'delivered', reason: null, sent: 1, end: 'delivered', attempts: 1 },
      { fault: 'slow', first: 'delivered', reason: null, sent: 1, end: 'delivered', attempts: 1 },
      { fault: 'trickle', first: 'delivered', reason: null, sent: 1, end: 'delivered', attempts: 1 },
    ];
    let group: TestGroup;
    let backoffs: ReadonlyMap<string, DeliverySeen>;

    before('one text meets them all, each at another phone', async () => {
      group = await startGroup(world, ['Alice', ...answers.map(({ fault }) => fault)]);
      for (const { fault } of answers) {
        const ms = fault === 'slow' || fault === 'trickle' ? { ms: 50 } : {};
        world.simulator.fault({ kind: fault, phone: group.phones[fault] ?? '', times: 1, ...ms });
      }
      backoffs = await textAndSee(
        group,
        'Hello carrier',
        answers.filter(({ first }) => first === 'queued').map(({ fault }) => fault),
      );
    });

    for (const { fault, first, reason, sent, end, attempts } of answers) {
      it(`${fault}: it is ${first} first, ${end} after ${attempts} ${attempts === 1 ? 'try' : 'tries'}, and there ${sent} times`, async () => {
        const of = { phone: group.phones[fault] ?? '', text: 'Hello carrier' };
        const seen = backoffs.get(fault) ?? (await deliveryIn(world, of, { state: first, attempt: 1 }));
        if (reason !== null) expect(seen.reason).to.match(reason);
        if (first === 'queued') {
          expect(seen.charged).to.equal(0);
          await hurry(seen);
        }
        if (first === 'unknown') {
          expect(sentTo(of.phone, of.text)).to.equal(0);
          expect((seen.dueAt?.getTime() ?? 0) - Date.now()).to.be.within(20_000, 60_000);
          await giveUp(seen);
          await hurry(await deliveryIn(world, of, { state: 'queued' }));
        }
        const last = await deliveryIn(world, of, { state: end, attempt: attempts });
        expect(sentTo(of.phone, of.text)).to.equal(sent);
        expect(last).to.include({ charged: sent, dueAt: null });
      });
    }

    it('and the books agree with all that', () => expectBooksToAgree(group.phones.Alice));
  });

  describe('when the carrier reports', () => {
    const retried = [20, 80, 300];
    const final = [10, 30, 40, 50, 60, 70, 90, 100, 110, 120, 420, 450, 777];
    let group: TestGroup;
    let backoffs: ReadonlyMap<string, DeliverySeen>;

    before('one text meets all error codes, each at another phone', async () => {
      const names = [...retried, ...final].map((code) => `Code ${code}`);
      group = await startGroup(world, ['Alice', ...names, 'Undelivered']);
      for (const code of [...retried, ...final]) {
        world.simulator.fault({
          kind: 'failed',
          code: String(code),
          phone: group.phones[`Code ${code}`] ?? '',
          times: 1,
        });
      }
      world.simulator.fault({ kind: 'undelivered', code: '30', phone: group.phones.Undelivered ?? '', times: 1 });
      backoffs = await textAndSee(
        group,
        'Hello report',
        retried.map((code) => `Code ${code}`),
      );
    });

    for (const code of retried) {
      it(`failed with ${code}: the money comes back, and it is sent again after a backoff`, async () => {
        const of = { phone: group.phones[`Code ${code}`] ?? '', text: 'Hello report' };
        const seen = backoffs.get(`Code ${code}`);
        if (seen === undefined) throw new Error('it was not seen');
        expect(seen).to.include({ charged: 0, errorCode: code, reason: `carrier error ${code}` });
        await hurry(seen);
        expect(await deliveryIn(world, of, { state: 'delivered', attempt: 2 })).to.include({ charged: 1 });
        expect(sentTo(of.phone, of.text)).to.equal(2);
      });
    }

    for (const code of final) {
      it(`failed with ${code}: that is final, and the money comes back`, async () => {
        const of = { phone: group.phones[`Code ${code}`] ?? '', text: 'Hello report' };
        const seen = await deliveryIn(world, of, { state: 'failed', attempt: 1 });
        expect(seen).to.include({ charged: 0, errorCode: code, dueAt: null });
        expect(sentTo(of.phone, of.text)).to.equal(1);
      });
    }

    it('undelivered: that is final, and was paid for', async () => {
      const of = { phone: group.phones.Undelivered ?? '', text: 'Hello report' };
      expect(await deliveryIn(world, of, { state: 'undelivered' })).to.include({ charged: 1, errorCode: 30 });
    });

    it('and the books agree with all that', () => expectBooksToAgree(group.phones.Alice));
  });

  describe('when reports come as they like', () => {
    const kinds = ['report_doubled', 'report_reversed', 'report_first', 'report_late', 'report_lost'] as const;
    let group: TestGroup;

    before(async () => {
      group = await startGroup(world, ['Alice', ...kinds]);
      for (const kind of kinds) world.simulator.fault({ kind, phone: group.phones[kind] ?? '', ms: 30 });
      await world.text(group.phones.Alice ?? '', group.number, 'Hello order');
      await world.quiet();
    });

    for (const kind of kinds) {
      const state = kind === 'report_lost' ? 'sent' : 'delivered';
      it(`${kind}: it is ${state}, was sent once and paid for once`, async () => {
        const of = { phone: group.phones[kind] ?? '', text: 'Hello order' };
        const seen = await deliveryIn(world, of, { state });
        expect(seen).to.include({ attempt: 1, charged: 1, dueAt: null });
        expect(seen.carrierId).to.match(/^[\da-f-]{36}$/);
        expect(sentTo(of.phone, of.text)).to.equal(1);
      });
    }

    it('a late bad report does not undo a delivered one', async () => {
      const of = { phone: group.phones.report_doubled ?? '', text: 'Hello order' };
      const text = world.simulator.textsTo(of.phone).find((one) => one.text.endsWith(of.text));
      await acceptReport(world.runtime, new URL(text?.url ?? '').searchParams.get('d') ?? '', {
        carrierId: text?.uuid ?? '',
        status: 'failed',
        errorCode: 20,
        meaning: 'retry',
        unreachable: false,
        sequence: 9,
        units: 1,
      });
      expect(await deliveryOf(world, of)).to.include({ state: 'delivered', charged: 1 });
    });

    it('a report on nothing of ours changes nothing', async () => {
      const report = {
        carrierId: 'x',
        errorCode: 200,
        meaning: 'optout',
        unreachable: true,
        sequence: 1,
        units: 1,
      } as const;
      for (const name of ['nonsense', '999999-999999-0-1', '0-0-0-0'])
        await acceptReport(world.runtime, name, { ...report, status: 'failed' });
      expect(await rows(world.runtime.db, 'SELECT id FROM people WHERE blocked_at IS NOT NULL')).to.deep.equal([]);
    });
  });

  describe('to a phone that has had enough', () => {
    it('an opt-out report blocks it in all its groups and tells each owner once', async () => {
      const friends = await startGroup(world, ['Alice', 'Otto'], { name: 'Opt' });
      const others = await startGroup(world, ['Bob', 'Otto'], {
        name: 'Out',
        phones: { Otto: friends.phones.Otto ?? '' },
      });
      const otto = friends.phones.Otto ?? '';
      world.simulator.fault({ kind: 'opted_out', phone: otto, times: 2 });
      await Promise.all([
        world.text(friends.phones.Alice ?? '', friends.number, 'One'),
        world.text(others.phones.Bob ?? '', others.number, 'Two'),
      ]);
      await world.quiet();
      await world.text(friends.phones.Alice ?? '', friends.number, 'Three');
      await world.quiet();
      expect(await deliveryOf(world, { phone: otto, text: 'Three' })).to.include({
        state: 'skipped',
        reason: 'blocked',
      });
      for (const owner of [friends.phones.Alice, others.phones.Bob]) {
        const told = world.simulator.textsTo(owner ?? '').filter(({ text }) => /Otto replied STOP/.test(text));
        expect(told, 'told').to.have.length(1);
      }
      await expectBooksToAgree(friends.phones.Alice);
    });

    it('the block is not lost when MySQL fails in the middle of an opt-out report, which then comes again', async () => {
      for (const failing of [1, 2, 3]) {
        const group = await startGroup(world, ['Alice', 'Olaf'], { name: `Half ${failing}` });
        const of = { phone: group.phones.Olaf ?? '', text: 'Hello' };
        world.simulator.fault({ kind: 'report_lost', phone: of.phone, times: 1 });
        await world.text(group.phones.Alice ?? '', group.number, of.text);
        const seen = await deliveryIn(world, of, { state: 'sent' });
        const report = {
          carrierId: seen.carrierId ?? '',
          status: 'failed',
          errorCode: 200,
          meaning: 'optout',
        } as const;
        const name = tryName(seen);
        const comes = (runtime: Runtime) =>
          acceptReport(runtime, name, { ...report, unreachable: false, sequence: 2, units: 1 });
        await comes(runtimeWith(world.runtime, { db: failingDb(failing) })).catch(() => 'then it comes again');
        await comes(world.runtime);
        const blocked = () =>
          row<{ at: Date | null }>(world.runtime.db, 'SELECT blocked_at AS at FROM people WHERE phone = ?', [of.phone]);
        expect((await blocked())?.at, `transaction ${failing} failed`).not.to.equal(null);
        expect(await deliveryOf(world, of)).to.include({ state: 'failed', charged: 0 });
        // A repeat after a START is old event.
        await run(world.runtime.db, 'UPDATE people SET blocked_at = NULL WHERE phone = ?', [of.phone]);
        await comes(world.runtime);
        expect((await blocked())?.at).to.equal(null);
      }
    });

    /** The database, whose transaction of this number fails. */
    function failingDb(failing: number): Db {
      let transactions = 0;
      const own = new Map<Connection, Connection>();
      const { client } = world.runtime.db;
      const failingClient = Object.assign(Object.create(client), {
        async acquireConnection() {
          const connection: Connection = await client.acquireConnection();
          const query: Connection['query'] = (options, done) => {
            if (options.sql !== 'BEGIN') return connection.query(options, done);
            transactions++;
            return transactions === failing ? done(new Error('gone'), null) : connection.query(options, done);
          };
          const broken: Connection = Object.assign(Object.create(connection), { query });
          own.set(broken, connection);
          return broken;
        },
        releaseConnection: (connection: Connection) => client.releaseConnection(own.get(connection)),
      });
      return new Proxy(world.runtime.db, {
        get: (db, name) => (name === 'client' ? failingClient : Reflect.get(db, name)),
      });
    }

    it('five unreachable in a row turn it off and tell the owner; a delivery between them begins anew', async () => {
      const group = await startGroup(world, ['Alice', 'Ned', 'Olga'], { name: 'Dead end' });
      const { Alice = '', Ned = '', Olga = '' } = group.phones;
      for (const [at, code] of [50, 70, 90, 50, 70, 90, 50, 70, 90].entries()) {
        world.simulator.clearFaults();
        world.simulator.fault({ kind: 'failed', code: String(code), phone: Ned });
        if (at !== 4) world.simulator.fault({ kind: 'failed', code: String(code), phone: Olga });
        await world.text(Alice, group.number, `Try ${at}`);
        await world.quiet();
      }
      expect(await deliveryOf(world, { phone: Ned, text: 'Try 4' })).to.include({ state: 'failed' });
      expect(await deliveryOf(world, { phone: Ned, text: 'Try 5' })).to.include({ state: 'skipped', reason: 'sms' });
      expect(await deliveryOf(world, { phone: Olga, text: 'Try 8' })).to.include({ state: 'failed' });
      const told = world.simulator.textsTo(Alice).filter(({ text }) => /couldn't reach the phone/.test(text));
      expect(told.map(({ text }) => text.match(/phone of (\w+)/)?.[1])).to.deep.equal(['Ned']);
      const states = await rows<{ name: string; sms: number; chosen: number }>(
        world.runtime.db,
        "SELECT name, sms, sms_chosen AS chosen FROM memberships WHERE group_id = ? AND name <> 'Alice' ORDER BY id",
        [group.id],
      );
      expect(states).to.deep.equal([
        { name: 'Ned', sms: 0, chosen: 1 },
        { name: 'Olga', sms: 1, chosen: 1 },
      ]);
    });

    it('a long text in three parts that all fail counts as one', async () => {
      const group = await startGroup(world, ['Alice', 'Ned'], { name: 'Long' });
      const { Alice = '', Ned = '' } = group.phones;
      world.simulator.fault({ kind: 'failed', code: '50', phone: Ned });
      await world.text(Alice, group.number, 'word '.repeat(700));
      await world.quiet();
      const found = await row<{ unreachable: number }>(
        world.runtime.db,
        "SELECT unreachable FROM memberships WHERE group_id = ? AND name = 'Ned'",
        [group.id],
      );
      expect(world.simulator.textsTo(Ned).length - 1).to.equal(3);
      expect(found).to.deep.equal({ unreachable: 1 });
    });
  });

  describe('while the account may not send', () => {
    const pause = async () =>
      row<{ errorCode: number }>(world.runtime.db, 'SELECT error_code AS errorCode FROM carrier_pauses');
    const endPause = () => run(world.runtime.db, 'UPDATE carrier_pauses SET until = NOW(3)');

    for (const [what, fault, errorCode] of [
      ['402 at the send', { kind: '402' }, 900],
      ['a report of 900', { kind: 'failed', code: '900' }, 900],
      ['a report of 910', { kind: 'failed', code: '910' }, 910],
    ] as const) {
      it(`${what}: the text that met it is not lost, and tried again in two minutes`, async () => {
        const group = await startGroup(world, ['Alice', 'Bob'], { name: `Pause ${errorCode}` });
        const of = { phone: group.phones.Bob ?? '', text: `Money ${what}` };
        world.simulator.fault({ ...fault, phone: of.phone, times: 1 });
        await world.text(group.phones.Alice ?? '', group.number, of.text);
        const seen = await deliveryIn(world, of, { state: 'queued', attempt: 1 });
        expect(seen).to.include({ pauses: 1, errorCode, charged: 0 });
        expect((seen.queuedAt?.getTime() ?? 0) - Date.now()).to.be.within(110_000, 120_000);
        expect(await until('the pause is kept', pause)).to.deep.equal({ errorCode });
        await endPause();
        await hurry(seen);
        expect(await deliveryIn(world, of, { state: 'delivered' })).to.include({ attempt: 2, charged: 1 });
        await run(world.runtime.db, 'DELETE FROM carrier_pauses');
        await expectBooksToAgree(group.phones.Alice);
      });
    }

    it('everything is held, a PIN too, and goes out once when the pause is over', async () => {
      const group = await startGroup(world, ['Alice', 'Bob', 'Carol'], { name: 'Held' });
      const { Alice = '', Bob = '', Carol = '' } = group.phones;
      world.simulator.fault({ kind: '402', phone: Bob, times: 1 });
      await world.text(Alice, group.number, 'No money');
      const seen = await deliveryIn(world, { phone: Bob, text: 'No money' }, { state: 'queued', attempt: 1 });
      const before = world.simulator.textsAfter(0, Infinity).next;
      await world.text(Carol, group.number, 'Anybody?');
      await world.call('/member/find', { number: Carol });
      for (const [phone, text] of [
        [Alice, 'Anybody?'],
        [Bob, 'Anybody?'],
        [Carol, 'for it.'],
      ] as const)
        await until('it is queued', async () => (await deliveryOf(world, { phone, text }))?.queuedAt !== null);
      // The sender asks the row once a second: it finds the pause still there.
      const endsAt = Date.now() + 1_000;
      await run(world.runtime.db, 'UPDATE carrier_pauses SET until = NOW(3) + INTERVAL 1 SECOND');
      await hurry(seen);
      const [pin] = await world.simulator.waitForTexts({ to: Carol, text: /PIN/ }, { after: before });
      await world.quiet();
      expect(pin?.at).to.be.at.least(endsAt - 50);
      const held = world.simulator.textsAfter(before, Infinity).texts;
      expect(held.map(({ to, text }) => `${to} ${text.slice(0, 8)}`).sort()).to.deep.equal(
        [`${Alice} Carol: A`, `${Bob} Alice: N`, `${Bob} Carol: A`, `${Carol} Your PIN`].sort(),
      );
      for (const { at } of held) expect(at).to.be.at.least(endsAt - 50);
      expect(await pause()).to.equal(undefined);
      await expectBooksToAgree(Alice);
    });
  });
});
