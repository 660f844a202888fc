import { expect } from 'chai';
import { DatabaseUnavailable } from '../../../db/connect.ts';
import type { Connection } from '../../../db/connection.ts';
import { recordUntilCommitted } from '../../../engine/delivery/record.ts';
import { readConfig } from '../../../engine/platform/config.ts';
import { openRegistry } from '../../../engine/platform/registry.ts';
import type { Runtime } from '../../../engine/platform/runtime.ts';

const config = readConfig({
  MYSQL_URL: 'mysql://127.0.0.1/none',
  REDIS_URL: 'redis://127.0.0.1',
  PUBLIC_URL: 'http://127.0.0.1',
  PLIVO_AUTH_ID: 'MA',
  PLIVO_AUTH_TOKEN: 'token',
  SERVICE_NUMBER: '+12015550100',
});

/** A database that fails a number of times, and then keeps what it is told. */
function failing(times: number, error: Error): { runtime: Runtime; asked(): number } {
  let asked = 0;
  const query: Connection['query'] = (_options, done) => done(null, []);
  const connection: Connection = { query, destroy() {}, stream: { destroy() {} }, threadId: 1 };
  const client = {
    async acquireConnection() {
      asked++;
      if (asked <= times) throw error;
      return connection;
    },
    releaseConnection() {},
  };
  const db = { client };
  const runtime = { db, config, use: (open: (owner: Runtime) => unknown) => registry.use(open) } as unknown as Runtime;
  const registry = openRegistry<Runtime>(() => runtime, { withinMs: 100, onError: () => undefined });
  return { runtime, asked: () => asked };
}

describe('the outcome of a send', () => {
  const outcome = {
    of: { messageId: 1, personId: 2, part: 0, attempt: 1 },
    event: { kind: 'outcome', attempt: 1, verdict: 'accepted' },
    carrierId: 'uuid',
  } as const;
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });

  it('is kept until MySQL is back', async () => {
    const { runtime, asked } = failing(2, refused);
    await recordUntilCommitted(runtime, { outcomes: [outcome] }, () => false);
    expect(asked()).to.equal(3);
  });

  it('is given up when the process is to stop: the report will tell', async () => {
    const { runtime, asked } = failing(Number.POSITIVE_INFINITY, refused);
    const error = await recordUntilCommitted(runtime, { outcomes: [outcome] }, () => true).catch(
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(DatabaseUnavailable);
    expect(asked()).to.equal(1);
  });

  it('is not told for ever where MySQL is there and refuses it', async () => {
    const { runtime, asked } = failing(Number.POSITIVE_INFINITY, new Error('no such column'));
    const error = await recordUntilCommitted(runtime, { outcomes: [outcome] }, () => false).catch(
      (caught: Error) => caught.message,
    );
    expect(error).to.equal('no such column');
    expect(asked()).to.equal(5);
  });
});
