import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import { listen } from '../../api/listen.ts';
import { row, rows } from '../../db/connect.ts';
import { freePort } from '../../dev/stack/port.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { startProcess } from '../support/process.ts';
import { COMPILE_WITHIN_MS, compileProgram } from '../support/program.ts';
import { until } from '../support/rows.ts';
import { runtimeWith } from '../support/runtime.ts';
import { openWorld, type World } from '../support/world.ts';

const authorization = `Basic ${Buffer.from('ops:an operator in a test').toString('base64')}`;

/** The samples of a metrics page by name and labels. */
const samplesOf = (text: string) =>
  new Map(
    [...text.matchAll(/^(\w+(?:\{[^}]*\})?) (\S+)$/gm)].map(([, name = '', value]): [string, number] => [
      name,
      Number(value),
    ]),
  );
const read = async (url: string) =>
  samplesOf(await (await fetch(`${url}/ops/metrics`, { headers: { authorization } })).text());

describe('the metrics of known traffic', () => {
  let world: World;
  let group: TestGroup;
  before(async () => {
    world = await openWorld({ env: { OPS_PASSWORD: 'an operator in a test' } });
    group = await startGroup(world, ['Ann', 'Bob', 'Cid', 'Dan']);
  });
  after(() => world.close());

  const say = async (text: string) => {
    expect(await world.text(group.phones.Ann ?? '', group.number, text)).to.equal(200);
    await world.quiet();
  };

  it('count each delivery once in each state that it came to, with retries, late and doubled reports', async () => {
    const { Bob = '', Cid = '', Dan = '' } = group.phones;
    await say('All is well');
    world.simulator.fault({ kind: '503', phone: Bob, times: 1 });
    world.simulator.fault({ kind: 'undelivered', phone: Cid, code: '30', times: 1 });
    await say('A retry and a failure');
    world.simulator.clearFaults();
    world.simulator.fault({ kind: 'report_doubled', times: 3 });
    await say('Reports come twice');
    world.simulator.clearFaults();
    world.simulator.fault({ kind: 'report_first', times: 3 });
    await say('Reports are faster');
    world.simulator.clearFaults();
    await world.text(Dan, group.number, 'STOP');
    await world.quiet();
    await say('Dan is spared');

    const truth = new Map(
      (
        await rows<{ state: string; count: number }>(
          world.runtime.db,
          'SELECT state, COUNT(*) AS count FROM deliveries GROUP BY state',
        )
      ).map(({ state, count }) => [state, count]),
    );
    const taken = await row<{ count: number; charged: number }>(
      world.runtime.db,
      "SELECT SUM(attempt_log <> '') AS count, SUM(charged) AS charged FROM deliveries",
    );
    const expected = {
      ...{
        delivered: truth.get('delivered') ?? 0,
        failed: truth.get('failed') ?? 0,
        skipped: truth.get('skipped') ?? 0,
      },
      ...{ undelivered: truth.get('undelivered') ?? 0, sent: Number(taken?.count), pennies: Number(taken?.charged) },
      ...{ accepted: 5, retried: 1, failures: 1, stops: 1 },
    };
    expect(expected.failed + expected.undelivered).to.equal(1);
    expect(expected.skipped).to.be.at.least(1);
    const counted = async () => {
      const samples = await read(world.url);
      const of = (name: string) => samples.get(`texting_system_${name}`) ?? 0;
      const state = (one: string) => of(`deliveries_total{state="${one}"}`);
      return {
        ...{ delivered: state('delivered'), failed: state('failed'), skipped: state('skipped') },
        ...{ undelivered: state('undelivered'), sent: state('sent'), pennies: of('charged_pennies') },
        ...{ accepted: of('messages_accepted_total'), retried: of('retries_total') },
        ...{ failures: of('delivery_failures_total{error_code="30"}'), stops: of('opt_outs_total{what="stop"}') },
      };
    };
    // Counts are written a moment after what they count.
    await until('the counts have come', async () => JSON.stringify(await counted()) === JSON.stringify(expected)).catch(
      () => null,
    );
    expect(await counted()).to.deep.equal(expected);

    const ends = await rows<{ network: string; state: string; count: number }>(
      world.runtime.db,
      "SELECT network, state, COUNT(*) AS count FROM deliveries WHERE network <> '' AND state IN ('delivered', 'undelivered', 'failed') GROUP BY network, state",
    );
    const labelled = (name: string, samples: ReadonlyMap<string, number>) =>
      [...samples].flatMap(([sample, count]) =>
        sample.startsWith(`${name}{`) ? [`${sample.slice(name.length)} ${count}`] : [],
      );
    const samples = await read(world.url);
    expect(ends.length).to.be.at.least(2);
    expect(labelled('texting_system_network_deliveries_total', samples)).to.have.members(
      ends.map(({ network, state, count }) => `{network="${network}",state="${state}"} ${count}`),
    );
    // One try was refused and made again; the number is in no campaign.
    expect(labelled('texting_system_campaign_sends_total', samples)).to.have.members([
      `{campaign="none",outcome="accepted"} ${expected.sent}`,
      '{campaign="none",outcome="retry"} 1',
    ]);
  });

  it('measure calls, statements, Redis and limits of the process, under one prefix', async () => {
    const samples = await read(world.url);
    for (const name of [
      'texting_http_request_duration_seconds_count{route="/plivo/message",status="200"}',
      'texting_mysql_statement_seconds_count',
      'texting_mysql_connection_wait_seconds_count',
      'texting_nodejs_eventloop_lag_p99_seconds',
      'texting_process_info{process="web"}',
    ])
      expect(samples.get(name), name).to.be.greaterThan(0);
    expect(samples.get('texting_limit{setting="QUEUE_DEPTH"}')).to.equal(world.runtime.config.QUEUE_DEPTH);
    const names = [...samples.keys()].map((name) => name.replace(/\{.*/, ''));
    expect(names.filter((name) => !/^texting_|^carrier_paused$|^budget_exhausted$/.test(name))).to.deep.equal([]);
  });

  it('say how a refused webhook came, and which PUBLIC_URL it was signed for, once a minute', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
    const api = await listen(createApp(runtimeWith(world.runtime, { log })), { port: 0, host: '127.0.0.1' });
    try {
      const host = `127.0.0.1:${api.port}`;
      const nonce = '12345678901234567890';
      const signed = createHmac('sha256', world.runtime.config.PLIVO_AUTH_TOKEN).update(
        `https://${host}/plivo/message.${nonce}`,
      );
      const headers = {
        'x-forwarded-proto': 'https',
        'x-plivo-signature-v3': signed.digest('base64'),
        'x-plivo-signature-v3-nonce': nonce,
      };
      for (let time = 0; time < 3; time++) {
        const answer = await fetch(`http://${host}/plivo/message`, { method: 'POST', headers });
        expect(answer.status).to.equal(403);
      }
      const said = lines
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ why }) => why !== undefined);
      expect(said).to.have.length(1);
      expect(said[0]).to.include({
        ...{ why: 'address', checked: `${world.url}/plivo/message`, host, proto: 'https' },
        mend: `set PUBLIC_URL to https://${host}`,
      });
      const samples = await read(`http://${host}`);
      expect(samples.get('texting_webhooks_refused_total{carrier="plivo",why="address"}')).to.equal(3);
    } finally {
      await api.stop();
    }
  });

  it('are served by every other process type at METRICS_PORT, where that is set', async function () {
    this.timeout(COMPILE_WITHIN_MS);
    await compileProgram();
    const port = await freePort();
    const clock = startProcess('clock', world.runtime.config, { METRICS_PORT: String(port) });
    try {
      await clock.said('started');
      const read = async () => samplesOf(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
      const statements = async () => (await read()).get('texting_mysql_statement_seconds_count') ?? 0;
      await until('a statement was answered', async () => (await statements()) > 0);
      const samples = await read();
      expect(samples.get('texting_process_info{process="clock"}')).to.equal(1);
      expect([...samples.keys()].filter((name) => name.startsWith('texting_system_'))).to.deep.equal([]);
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).to.equal(404);
    } finally {
      await clock.end();
    }
  });
});
