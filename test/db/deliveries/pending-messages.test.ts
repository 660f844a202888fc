import { expect } from 'chai';
import { type Db, run } from '../../../db/connect.ts';
import { findOldestPending, UNWRITTEN, WAITING } from '../../../db/deliveries/pending-messages.ts';
import { migrate } from '../../../db/migrate.ts';
import { openDatabase } from '../../support/database.ts';

describe('messages on their way', () => {
  let db: Db;
  let drop: () => Promise<void>;
  before(async () => {
    ({ db, drop } = await openDatabase());
    await migrate(db);
  });
  after(() => drop());

  const accept = (at: Date, pending: number | null) =>
    run(db, "INSERT INTO messages (kind, text, accepted_at, pending) VALUES ('system', 'hello', ?, ?)", [at, pending]);

  it('are as old as the oldest of their stage', async () => {
    const minute = (past: number) => new Date(Date.UTC(2026, 0, 1, 12, past));
    await accept(minute(1), null);
    expect(await findOldestPending(db, UNWRITTEN)).to.equal(undefined);
    await accept(minute(2), WAITING);
    await accept(minute(3), UNWRITTEN);
    await accept(minute(4), UNWRITTEN);
    expect(await findOldestPending(db, UNWRITTEN)).to.deep.equal(minute(3));
    expect(await findOldestPending(db, WAITING)).to.deep.equal(minute(2));
  });
});
