import { expect } from 'chai';
import { type Db, rows, run, transact } from '../../db/connect.ts';
import { openDatabase } from '../support/database.ts';

describe('a transaction', () => {
  let db: Db;
  let drop: () => Promise<void>;
  before(async () => {
    ({ db, drop } = await openDatabase());
    await run(db, 'CREATE TABLE counters (id INT PRIMARY KEY, count INT NOT NULL) ENGINE=InnoDB');
    await run(db, 'INSERT INTO counters VALUES (1, 0), (2, 0)');
  });
  after(() => drop());

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
    expect(await rows(db, 'SELECT id, count FROM counters ORDER BY id')).to.deep.equal([
      { id: 1, count: 2 },
      { id: 2, count: 2 },
    ]);
  });
});
