import { expect } from 'chai';
import { pino } from 'pino';
import { book, setAccountType, topUp } from '../../../db/billing/accounts.ts';
import { sumLedger } from '../../../db/billing/ledger.ts';
import { readStatement } from '../../../db/billing/statements.ts';
import { row, rows, run, transact } from '../../../db/connect.ts';
import { checkLedgers } from '../../../engine/billing/ledger.ts';
import { tellLowBalances } from '../../../engine/billing/low-balance.ts';
import type { Runtime } from '../../../engine/platform/runtime.ts';
import type { EntryKind } from '../../../engine/rules/money.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('the books', () => {
  let world: World;
  let group: TestGroup;
  let ann: string;
  let accountId: number;
  let lines: { level: number; account?: number; balance?: number; ledger?: number }[];
  let runtime: Runtime;
  before(async () => {
    world = await openWorld({ workers: false, env: { OPS_PASSWORD: 'open sesame, please' } });
    group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
    ann = group.phones.Ann ?? '';
    const account = await row<{ id: number }>(world.runtime.db, 'SELECT id FROM accounts');
    accountId = account?.id ?? 0;
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
    runtime = runtimeWith(world.runtime, { log });
  });
  beforeEach(() => {
    lines = [];
  });
  after(() => world.close());

  const move = (kind: EntryKind, amount: number) =>
    transact(world.runtime.db, (tx) => book(tx, [{ accountId, kind, amount, messageId: null }], { now: new Date() }));
  const pay = (amount: number) =>
    topUp(world.runtime.db, { accountId, kind: 'charge', amount, messageId: null }, new Date());
  const balance = async () =>
    (await row<{ balance: number }>(world.runtime.db, 'SELECT balance FROM accounts WHERE id = ?', [accountId]))
      ?.balance ?? 0;
  const leave = async (wanted: number) => move('segments', wanted - (await balance()));

  it('have two sides for every entry: all accounts together are 0', async () => {
    const [column] = await rows<{ type: string }>(
      world.runtime.db,
      "SELECT column_type AS type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'ledger' AND column_name = 'kind'",
    );
    const kinds = [...(column?.type ?? '').matchAll(/'(\w+)'/g)].map(([, kind]) => kind as EntryKind);
    expect(kinds).to.have.length(9);
    for (const [at, kind] of kinds.entries()) await move(kind, at % 2 === 0 ? 10 : -7);
    const sides = await rows<{ contra: string | null; sum: number }>(
      world.runtime.db,
      'SELECT contra, -SUM(amount) AS sum FROM ledger GROUP BY contra ORDER BY contra',
    );
    expect(sides.map(({ contra }) => contra)).to.deep.equal(['adjustments', 'grants', 'provider', 'revenue']);
    expect(sides.reduce((total, { sum }) => total + sum, await balance())).to.equal(0);
    await leave(500);
  });

  const metric = async () => {
    const headers = { authorization: `Basic ${Buffer.from('ops:open sesame, please').toString('base64')}` };
    const text = await (await fetch(`${world.url}/ops/metrics`, { headers })).text();
    return /^texting_system_accounts_off (\d+)$/m.exec(text)?.[1];
  };

  it('are checked again and again; a balance that moved by itself is an error, told once, until it is mended', async () => {
    const check = () => checkLedgers(runtime);
    await check();
    await move('segments', -3);
    expect([await check(), lines, await metric()]).to.deep.equal([0, [], '0']);
    await run(world.runtime.db, 'UPDATE accounts SET balance = balance + 5');
    expect([await check(), await check()]).to.deep.equal([1, 1]);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ level: 50, account: accountId, balance: 502, ledger: 497 });
    expect(await metric()).to.equal('1');
    await move('adjustment', 5);
    expect(await check()).to.equal(1);
    await run(world.runtime.db, 'UPDATE accounts SET balance = balance - 5');
    expect([await check(), await metric()]).to.deep.equal([0, '0']);
    expect(lines).to.have.length(1);
  });

  it('are right at any moment of a check, while bookings run', async () => {
    const booking = Promise.all(Array.from({ length: 40 }, (_, at) => move(at % 2 === 0 ? 'segments' : 'refund', at)));
    let found = 0;
    for (let checks = 0; checks < 20; checks++) found += await checkLedgers(runtime);
    await booking;
    expect([found, await checkLedgers(runtime)]).to.deep.equal([0, 0]);
  });

  /** Each begins with 1000 after a payment. */
  const falls: [string, number, string | null][] = [
    ['200, which is a fifth', 200, null],
    ['199', 199, 'is down to $1.99. When it runs out'],
    ['1', 1, 'is down to $0.01'],
    ['0', 0, 'is used up ($0.00), so your groups are paused'],
    ['less than nothing', -20, 'is used up (-$0.20)'],
  ];
  const toldAnn = () =>
    rows<{ text: string; number: string; urgent: number }>(
      world.runtime.db,
      `SELECT m.text, n.phone AS number FROM messages m JOIN deliveries d ON d.message_id = m.id JOIN people p ON p.id = d.person_id
       JOIN numbers n ON n.id = d.number_id WHERE p.phone = ? AND m.text LIKE '%group texting balance%' ORDER BY m.id`,
      [ann],
    );
  for (const [what, left, says] of falls) {
    it(`tell the owner ${says === null ? 'nothing' : 'once'} when of $10.00 is left ${what}`, async () => {
      await leave(1000 - 250);
      await pay(250);
      const before = (await toldAnn()).length;
      await tellLowBalances(runtime);
      await leave(left);
      await Promise.all([tellLowBalances(runtime), tellLowBalances(runtime)]);
      await leave(left - 1);
      await leave(left);
      await tellLowBalances(runtime);
      const told = (await toldAnn()).slice(before);
      expect(told.map(({ number }) => number)).to.deep.equal(says === null ? [] : [world.serviceNumber]);
      if (says !== null) expect(told[0]?.text).to.contain(says);
    });
  }

  it('tell an owner whose account is free nothing', async () => {
    await setAccountType(world.runtime.db, { phone: ann, type: 'F' });
    await leave(800);
    await pay(200);
    const before = (await toldAnn()).length;
    await leave(-5);
    await tellLowBalances(runtime);
    expect(await toldAnn()).to.have.length(before);
  });

  it('add up to the same whether read at once or in pages, and by their time', async () => {
    const day = (date: number) => new Date(Date.UTC(2036, 1, date, 12));
    const kinds = ['segments', 'refund', 'charge'] as const;
    for (let at = 0; at < 40; at++) {
      const entry = { accountId, kind: kinds[at % 3] ?? 'segments', amount: at, messageId: null };
      await transact(world.runtime.db, (tx) => book(tx, [entry], { now: day(1 + Math.floor(at / 4)) }));
    }
    const { db } = world.runtime;
    const during = { accountId, from: day(3), until: day(9) };
    const whole = await readStatement(db, during);
    expect(whole.lines.length).to.be.greaterThan(12);
    const owner = await row<{ personId: number }>(db, 'SELECT person_id AS personId FROM accounts WHERE id = ?', [
      accountId,
    ]);
    const of = { personId: owner?.personId ?? 0, since: day(5) };
    const sums = await sumLedger(db, of);
    const plain = await rows<{ kind: string; sum: number }>(
      db,
      'SELECT kind, SUM(amount) AS sum FROM ledger WHERE account_id = ? AND created_at >= ? GROUP BY kind ORDER BY kind',
      [accountId, day(5)],
    );
    expect(sums).to.deep.equal(Object.fromEntries(plain.map(({ kind, sum }) => [kind, sum])));
    for (const page of [1, 3, 7]) {
      expect(await readStatement(db, during, page), `pages of ${page}`).to.deep.equal(whole);
      expect(await sumLedger(db, of, page), `pages of ${page}`).to.deep.equal(sums);
    }
  });
});
