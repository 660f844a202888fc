import { expect } from 'chai';
import { readCarrierCosts } from '../../../db/billing/statements.ts';
import { row, rows, run } from '../../../db/connect.ts';
import { deleteOld } from '../../../engine/groups/retention.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { openSid } from '../../support/session.ts';
import { openWorkers, type Workers } from '../../support/workers.ts';
import { openWorld, type World } from '../../support/world.ts';

/** Workers run, but no clock: each test deletes when it wants. */
describe('what was kept long enough', () => {
  let world: World;
  let workers: Workers;
  let group: TestGroup;
  before(async () => {
    world = await openWorld({
      workers: false,
      env: { KEEP_TEXTS_DAYS: '30', KEEP_DELIVERIES_DAYS: '60', KEEP_INBOUND_DAYS: '1825' },
    });
    workers = await openWorkers(world);
    group = await startGroup(world, ['Ann', 'Bob', 'Cid']);
  });
  after(async () => {
    await workers?.close();
    await world?.close();
  });

  const say = async (text: string) => {
    await world.text(group.phones.Ann ?? '', group.number, text);
    await world.quiet();
  };
  /** All that was said and received so far is so many days older. */
  const passDays = async (days: number) => {
    const { db } = world.runtime;
    await run(db, 'UPDATE messages SET accepted_at = accepted_at - INTERVAL ? DAY', [days]);
    await run(db, 'UPDATE inbound_texts SET received_at = received_at - INTERVAL ? DAY', [days]);
  };
  const countOf = async (table: string) =>
    (await row<{ count: number }>(world.runtime.db, `SELECT COUNT(*) AS count FROM ${table}`))?.count ?? 0;
  /** Until nothing is left to do; by two clocks at once. */
  const deleteAll = async () => {
    const state = { ...world.runtime, use: <T>(open: (of: typeof world.runtime) => T) => open(world.runtime) };
    for (;;) {
      const gone = await Promise.all([deleteOld(state), deleteOld(state)]);
      if (gone.every((count) => count === 0)) return;
    }
  };
  const said = async () => {
    const sid = await openSid(world, group.phones.Bob ?? '');
    const { body } = await world.call('/message/get', { sid, number: group.number });
    return (body.messages as { id: number; txt: string; gone?: number }[]).map(({ id, txt, gone }) => ({
      id,
      txt,
      gone,
    }));
  };
  const costs = () => readCarrierCosts(world.runtime.db, { from: new Date(0), until: new Date('9999-01-01') });

  it('loses its words and keeps its id, and /message/get says so; what is newer stays', async () => {
    await say('Old words');
    await passDays(31);
    await say('New words');
    await deleteAll();
    expect(await said()).to.deep.equal([
      { id: 1, txt: '', gone: 1 },
      { id: 2, txt: 'Ann: New words', gone: undefined },
    ]);
    expect(await rows(world.runtime.db, "SELECT id FROM messages WHERE text LIKE '%Old words%'")).to.deep.equal([]);
    await say('Newer words');
    expect((await said()).at(-1)).to.include({ id: 3 });
  });

  it('loses what became of each text, in pieces, and the books keep what carriers charged', async () => {
    const { db } = world.runtime;
    const old = await row<{ id: number }>(db, 'SELECT MAX(id) AS id FROM messages');
    // A broadcast of more rows than one piece.
    await run(
      db,
      `INSERT INTO deliveries (message_id, person_id, number_id, state, carrier_cost, created_at)
       SELECT ?, 1000000 + a.n + 10 * b.n + 100 * c.n + 1000 * d.n, 1, 'delivered', 7, NOW(3) - INTERVAL 61 DAY
       FROM (${DIGITS}) a, (${DIGITS}) b, (${DIGITS}) c, (SELECT 0 AS n UNION SELECT 1) d`,
      [old?.id ?? 0],
    );
    const before = await costs();
    expect(before.texts).to.be.at.least(2_000);
    await passDays(61);
    await say('After the broadcast');
    const newer = await row<{ id: number }>(db, 'SELECT MAX(id) AS id FROM messages');
    const after = await costs();
    await deleteAll();
    const left = await rows<{ messageId: number }>(db, 'SELECT DISTINCT message_id AS messageId FROM deliveries');
    expect(left).to.deep.equal([{ messageId: newer?.id }]);
    expect(await costs()).to.deep.equal(after);
  });

  it('is the ids of inbound texts, where a setting says so', async () => {
    const before = await countOf('inbound_texts');
    await deleteAll();
    expect(await countOf('inbound_texts')).to.equal(before);
    await passDays(1_826);
    await say('Only this is left');
    await deleteAll();
    expect(await countOf('inbound_texts')).to.equal(1);
  });

  it('is what apps were told beside messages', async () => {
    await world.text(group.phones.Bob ?? '', group.number, '*name Rob');
    await run(world.runtime.db, 'UPDATE group_events SET at = at - INTERVAL 30 DAY');
    await deleteAll();
    expect(await countOf('group_events')).to.be.at.least(1);
    await run(world.runtime.db, 'UPDATE group_events SET at = at - INTERVAL 2 DAY');
    await world.text(group.phones.Bob ?? '', group.number, '*name Bob');
    await deleteAll();
    expect(await countOf('group_events')).to.equal(1);
    const sid = await openSid(world, group.phones.Ann ?? '');
    await world.call('/v1/hooks/create', { sid, url: 'https://example.com/' });
    const event = (state: string, days: number) =>
      run(
        world.runtime.db,
        `INSERT INTO hook_events (hook_id, stream, name, type, body, state, created_at)
         SELECT id, '', '', '', '', ?, NOW(3) - INTERVAL ? DAY FROM hooks`,
        [state, days],
      );
    for (const state of ['sent', 'dead', 'waiting']) for (const days of [29, 31]) await event(state, days);
    await deleteAll();
    expect(await countOf('hook_events')).to.equal(4);
    await world.quiet();
  });
});

const DIGITS = Array.from({ length: 10 }, (_, n) => `SELECT ${n} AS n`).join(' UNION ');
