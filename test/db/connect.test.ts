import { expect } from 'chai';
import {
  DatabaseUnavailable,
  type Db,
  isRefusedForNow,
  onOneConnection,
  openDb,
  row,
  rows,
  run,
  transact,
} from '../../db/connect.ts';
import { STATEMENT_MS } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { inRequest, openRequest, TooLate } from '../../db/request.ts';
import { giveUp } from '../faults/give-up.ts';
import { openDatabase } from '../support/database.ts';
import { type Gate, openGate } from '../support/gate.ts';
import { until } from '../support/rows.ts';

let db: Db;
let url: string;
let drop: () => Promise<void>;
let gate: Gate;
before(async () => {
  ({ db, url, drop } = await openDatabase());
  await migrate(db);
  await run(db, 'CREATE TABLE counters (id INT PRIMARY KEY, count INT NOT NULL) ENGINE=InnoDB');
  await run(db, 'INSERT INTO counters VALUES (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0)');
  gate = await openGate(url);
});
after(async () => {
  await gate.close();
  await drop();
});

const countOf = async (id: number) =>
  (await row<{ count: number }>(db, 'SELECT count FROM counters WHERE id = ?', [id]))?.count;
const raise = (to: Db, id: number) =>
  transact(to, (tx) => run(tx, 'UPDATE counters SET count = count + 1 WHERE id = ?', [id]));
/** Fails because MySQL did not answer, soon. */
async function isGivenUp(asked: Promise<unknown>): Promise<void> {
  const start = performance.now();
  const error = await asked.then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).to.be.instanceOf(DatabaseUnavailable);
  // Soon after the time of a statement; a busy machine adds to that.
  expect(performance.now() - start).to.be.lessThan(4 * STATEMENT_MS);
}

describe('a transaction', () => {
  it('that MySQL gives up for a deadlock is done again from its start, and nobody sees it', async () => {
    let tries = 0;
    // Each has its first row before either asks for its second, the first time.
    let arrive = () => {};
    const bothThere = new Promise<void>((resolve) => {
      let there = 0;
      arrive = () => {
        there += 1;
        if (there === 2) resolve();
      };
    });
    const count = (first: number, second: number) =>
      transact(db, async (tx) => {
        tries += 1;
        await run(tx, 'UPDATE counters SET count = count + 1 WHERE id = ?', [first]);
        arrive();
        await bothThere;
        await run(tx, 'UPDATE counters SET count = count + 1 WHERE id = ?', [second]);
      });
    await Promise.all([count(1, 2), count(2, 1)]);
    expect(tries).to.be.greaterThan(2);
    expect(await rows(db, 'SELECT id, count FROM counters WHERE id < 3 ORDER BY id')).to.deep.equal([
      { id: 1, count: 2 },
      { id: 2, count: 2 },
    ]);
  });

  it('that waits for a lock is done again too, in place of being given up', async () => {
    let letGo = () => {};
    const isOver = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let tries = 0;
    const before = (await countOf(1)) ?? 0;
    let waiting: Promise<unknown> = Promise.resolve();
    await transact(db, async (tx) => {
      await run(tx, 'UPDATE counters SET count = count + 1 WHERE id = 1');
      waiting = transact(db, async (other) => {
        tries += 1;
        if (tries === 2) letGo();
        await run(other, 'UPDATE counters SET count = count + 1 WHERE id = 1');
      });
      await isOver;
    });
    await waiting;
    expect(await countOf(1)).to.equal(before + 2);
  });

  it('lets nothing be written after its end by what it left running', async () => {
    const before = await countOf(1);
    let later: Promise<unknown> = Promise.resolve();
    await transact(db, async (tx) => {
      later = new Promise((resolve) => setImmediate(resolve))
        .then(() => rows(tx, 'SELECT SLEEP(0.05)'))
        .then(() => run(tx, 'UPDATE counters SET count = 99 WHERE id = 1'))
        .catch((error: Error) => error.message);
      await run(tx, 'UPDATE counters SET count = count WHERE id = 1');
      throw new Error('no');
    }).catch(() => undefined);
    expect(await later).to.equal('the transaction is over');
    expect(await countOf(1)).to.equal(before);
  });
});

describe('a connection to MySQL that goes silent', () => {
  let through: Db;
  beforeEach(async () => {
    through = openDb(gate.url, { size: 1 });
    await rows(through, 'SELECT 1');
  });
  afterEach(async () => {
    gate.open();
    await through.destroy();
  });

  for (const [at, said] of ['BEGIN$', 'UPDATE counters', 'COMMIT$', 'ROLLBACK'].entries()) {
    it(`at ${said.replace('$', '')} holds nobody up for longer than its limit, and the next one works`, async () => {
      const id = at + 3;
      const before = await countOf(id);
      gate.swallow(new RegExp(said));
      await isGivenUp(
        transact(through, async (tx) => {
          await run(tx, 'UPDATE counters SET count = count + 1 WHERE id = ?', [id]);
          if (said === 'ROLLBACK') throw new DatabaseUnavailable('for a reason of its own');
        }),
      );
      expect(await rows(through, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
      expect(await countOf(id)).to.equal(before);
    });
  }

  it('is none whose answer has come while this process stood still', async () => {
    // Not through the gate, which is in this process too.
    const own = openDb(url, { size: 1 });
    const before = await rows(own, 'SELECT CONNECTION_ID() AS id');
    const asked = rows(own, 'SELECT SLEEP(0.05) AS slept');
    await new Promise((resolve) => setTimeout(resolve, 20));
    // From here, timers come before what there is to read.
    await new Promise((resolve) => setImmediate(resolve));
    for (const thaws = performance.now() + STATEMENT_MS + 100; performance.now() < thaws; );
    expect(await asked).to.deep.equal([{ slept: 0 }]);
    expect(await rows(own, 'SELECT CONNECTION_ID() AS id'), 'it is kept').to.deep.equal(before);
    await own.destroy();
  });

  it('holds its locks for some seconds at most, though MySQL does not notice', async () => {
    const before = (await countOf(2)) ?? 0;
    gate.swallow(/COMMIT$/);
    await isGivenUp(raise(through, 2));
    const free = () =>
      raise(db, 2).then(
        () => true,
        (error) => !isRefusedForNow(error),
      );
    await until('the row is free', free);
    expect(await countOf(2)).to.equal(before + 1);
  });

  it('does a statement of its own again that MySQL gives up for a deadlock', async () => {
    const before = (await countOf(2)) ?? 0;
    let times = 2;
    gate.stand((said) => (/UPDATE counters/.test(said.toString('latin1')) && times-- > 0 ? giveUp(said) : null));
    await run(through, 'UPDATE counters SET count = count + 1 WHERE id = 2');
    expect(times).to.equal(-1);
    expect(await countOf(2)).to.equal(before + 1);
  });

  it('while it is opened does so as little', async () => {
    await through.destroy();
    for (const said of ['SET SESSION', 'SET time_zone']) {
      through = openDb(gate.url, { size: 1 });
      gate.swallow(new RegExp(said));
      await isGivenUp(rows(through, 'SELECT 1'));
      expect(await rows(through, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
      await through.destroy();
    }
  });

  it('costs one caller an error, however many lie idle that are as dead', async () => {
    await through.destroy();
    through = openDb(gate.url, { size: 8 });
    await Promise.all(Array.from({ length: 8 }, () => rows(through, 'SELECT SLEEP(0.05)')));
    gate.silence();
    await isGivenUp(rows(through, 'SELECT 1'));
    for (let time = 0; time < 20; time++) await rows(through, 'SELECT 1');
  });

  it('leaves those alone that were heard of since', async () => {
    await through.destroy();
    through = openDb(gate.url, { size: 2 });
    await Promise.all([1, 2].map(() => rows(through, 'SELECT SLEEP(0.05)')));
    gate.swallow(/SELECT 'silence'/);
    const silent = isGivenUp(rows(through, "SELECT 'silence'"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await rows(through, 'SELECT 1');
    await silent;
    const opened = gate.opened();
    await rows(through, 'SELECT 1');
    expect(gate.opened()).to.equal(opened);
  });

  it('is waited for by nobody when all are taken', async () => {
    let letGo = () => {};
    const isOver = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const held = transact(through, () => isOver);
    await isGivenUp(rows(through, 'SELECT 1'));
    letGo();
    await held;
  });
});

describe('a transaction of a call', () => {
  let through: Db;
  beforeEach(() => {
    through = openDb(gate.url, { size: 3 });
  });
  afterEach(async () => {
    gate.open();
    await through.destroy();
  });

  it('whose time is over before its COMMIT changes nothing', async () => {
    const before = await countOf(1);
    const request = openRequest(20);
    const slow = inRequest(request, () =>
      transact(through, async (tx) => {
        await run(tx, 'UPDATE counters SET count = 0 WHERE id = 1');
        await rows(tx, 'SELECT SLEEP(0.05)');
      }),
    );
    expect(await slow.catch((error) => error)).to.be.instanceOf(TooLate);
    expect(await countOf(1)).to.equal(before);
    expect(await inRequest(request, () => raise(through, 1)).catch((error) => error)).to.be.instanceOf(TooLate);
  });

  it('that was given up changes nothing, also by a statement of its own', async () => {
    const before = await countOf(1);
    const request = openRequest(60_000);
    expect(request.giveUp()).to.equal(true);
    const late = inRequest(request, () => run(through, 'UPDATE counters SET count = 0 WHERE id = 1'));
    expect(await late.catch((error) => error)).to.be.instanceOf(TooLate);
    expect(await countOf(1)).to.equal(before);
  });

  for (const passes of [true, false]) {
    it(`is known to have ${passes ? '' : 'not '}happened when its COMMIT is not answered`, async () => {
      const before = (await countOf(1)) ?? 0;
      gate.swallow(/COMMIT$/, { passes });
      const request = openRequest(60_000);
      const raised = inRequest(request, () => raise(through, 1));
      if (passes) await raised;
      else expect(await raised.catch((error) => error)).to.be.instanceOf(DatabaseUnavailable);
      expect(await countOf(1)).to.equal(before + Number(passes));
      // Nothing holds the row any more.
      await raise(db, 1);
    });
  }

  it('is known to have happened also where all connections of its pool are taken', async () => {
    const narrow = openDb(gate.url, { size: 1 });
    const before = (await countOf(1)) ?? 0;
    gate.swallow(/COMMIT$/, { passes: true });
    let letGo = () => {};
    const isOver = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const raised = inRequest(openRequest(60_000), () => raise(narrow, 1)).finally(letGo);
    await until('its COMMIT was said', async () => gate.toSwallow() === 0);
    // The next to have the one connection keeps it.
    const take = (): Promise<void> => onOneConnection(narrow, () => isOver).catch(take);
    const taken = take();
    await raised;
    await taken;
    expect(await countOf(1)).to.equal(before + 1);
    await narrow.destroy();
  });

  it('is known to have not happened when MySQL lets nobody commit', async () => {
    const admin = openDb(url, { size: 1 });
    const before = (await countOf(1)) ?? 0;
    const isMariaDb = await rows(admin, 'BACKUP STAGE START').then(
      () => true,
      () => false,
    );
    if (!isMariaDb) return admin.destroy();
    await rows(admin, 'BACKUP STAGE FLUSH');
    await rows(admin, 'BACKUP STAGE BLOCK_DDL');
    await rows(admin, 'BACKUP STAGE BLOCK_COMMIT');
    try {
      await isGivenUp(inRequest(openRequest(60_000), () => raise(through, 1)));
    } finally {
      await rows(admin, 'BACKUP STAGE END');
      await admin.destroy();
    }
    expect(await countOf(1)).to.equal(before);
  });
});
