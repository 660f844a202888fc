import { createServer, type Server } from 'node:http';
import { createApp } from '../../api/app.ts';
import { listen } from '../../api/listen.ts';
import type { Text } from '../../dev/simulator/log.ts';
import { startSimulator } from '../../dev/simulator/simulator.ts';
import type { Simulator, SimulatorOptions } from '../../dev/simulator/types.ts';
import { openClosers } from '../../dev/system/closers.ts';
import { startTelnyxSimulator, type TelnyxSimulator } from '../../dev/telnyx-simulator/simulator.ts';
import { configuredNumbers, mainCarrier } from '../../engine/platform/carrier-settings.ts';
import { readConfig } from '../../engine/platform/config.ts';
import { openRuntime, type Runtime } from '../../engine/platform/runtime.ts';
import type { CarrierName } from '../../engine/rules/carriers.ts';
import { explained, noteAnswer } from './answered.ts';
import { takeMigrated } from './database.ts';
import { takeRedisDatabase } from './redis.ts';
import { openWorkers } from './workers.ts';

/** A whole system in one process: the real MariaDB and Redis, the API, every worker, and the simulated carrier. */
export type World = {
  url: string;
  runtime: Runtime;
  simulator: Simulator;
  /** The second carrier; it is in service where the world was opened with it. */
  telnyx: TelnyxSimulator;
  /** The texts that have reached handsets through either carrier, oldest first. */
  texts(): readonly Text[];
  textsTo(phone: string): Text[];
  /** The group numbers of the pool, and the number of PINs. */
  pool: string[];
  serviceNumber: string;
  /** Calls the API, again where that had no time for it; answers the HTTP status, the headers and the body. */
  call(path: string, params?: Record<string, unknown>, how?: How): Promise<Answer>;
  /** A handset texts; resolves with the carrier's answer status. */
  text(from: string, to: string, text: string, media?: string[]): Promise<number>;
  /** Waits until these many texts have reached a phone since the world began, and answers them. */
  inbox(phone: string, count: number): Promise<Arrived[]>;
  /** Waits until everything that was asked for has happened: nothing is queued, being sent, or to be reported. */
  quiet(): Promise<void>;
  /** A session of a member, by the PIN that the phone gets. */
  logIn(phone: string): Promise<string>;
  close(): Promise<void>;
};

export type How = { method?: 'GET' | 'POST'; as?: 'query' | 'form' | 'json'; headers?: Record<string, string> };
export type Answer = { http: number; headers: Headers; body: Record<string, unknown> };
export type Arrived = { from: string; to: string; text: string; media: readonly string[] };
export type WorldOptions = {
  env?: Record<string, string>;
  workers?: boolean;
  /** Who is in service, the main one first; plivo alone where nothing is said. Where both are, every second number of the pool is at the other. */
  carriers?: readonly CarrierName[];
  simulator?: Partial<SimulatorOptions>;
  /** Phones that are added are looked up at the simulated carrier. */
  lookups?: boolean;
};

/** Opens a world with a database of its own. `workers: false` leaves the queues to the test. */
export async function openWorld({
  env = {},
  workers = true,
  carriers = ['plivo'],
  simulator: options = {},
  lookups = false,
}: WorldOptions = {}): Promise<World> {
  const closers = openClosers();
  const servers = await ownServers();
  closers.add(() => servers.giveBack());
  const { port, release } = await reservePort();
  const url = `http://127.0.0.1:${port}`;
  const auth = { authId: 'MATEST', authToken: 'test-token' };
  const simulator = await startSimulator({ ...auth, webhookBase: url, timeScale: 0.002, ...options });
  const telnyx = await startTelnyxSimulator({ apiKey: 'KEYTEST', webhookBase: url, timeScale: 0.002 });
  closers.add(() => Promise.all([simulator.stop(), telnyx.stop()]));
  const pool = Array.from({ length: 10 }, (_, at) => `+1201555${String(1001 + at)}`);
  const serviceNumber = '+12015551000';
  const config = readConfig({
    MYSQL_URL: servers.mysqlUrl,
    REDIS_URL: servers.redisUrl,
    PUBLIC_URL: url,
    PORT: String(port),
    HOST: '127.0.0.1',
    APP_SECRET: 'a secret of ours',
    ...settingsOf({ carriers, pool, auth, simulator, telnyx }),
    PLIVO_LOOKUP_URL: lookups ? simulator.url : '',
    SERVICE_NUMBER: serviceNumber,
    NUMBER_POOL: pool.join(','),
    NUMBER_MPS: '0',
    ACCOUNT_MPS: '0',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    THROTTLE_PER_MINUTE: '100000',
    INBOUND_PER_MINUTE: '100000',
    LOOP_ANSWERS: '0',
    FIRST_TEXTS_PER_PHONE: '0',
    FIRST_TEXTS_PER_ADDRESS: '0',
    FIRST_TEXTS_PER_MEMBER: '0',
    FIRST_TEXTS_PER_PREFIX: '0',
    FIRST_TEXTS_PER_HOUR: '0',
    CARD_TRIES_PER_ACCOUNT: '0',
    CARD_TRIES_PER_ADDRESS: '0',
    CARD_TRIES_PER_HOUR: '0',
    PRICE_PER_SEGMENT: '1',
    PRICE_PER_MMS: '3',
    ...env,
  });
  const runtime = await openRuntime(config, { process: 'web' });
  closers.add(() => runtime.close());
  await release();
  const api = await listen(createApp(runtime), {
    port,
    host: '127.0.0.1',
    keepAliveSeconds: config.KEEP_ALIVE_SECONDS,
  });
  closers.add(() => api.stop());
  const working = workers ? await openWorkers({ runtime }, { clock: true, beginMs: 9_000 }) : undefined;
  closers.add(() => working?.close());

  const world: World = {
    url,
    runtime,
    simulator,
    telnyx,
    texts: () => [...simulator.accepted, ...telnyx.accepted].toSorted((a, b) => a.at - b.at),
    textsTo: (phone) => world.texts().filter(({ to }) => to === phone),
    pool,
    serviceNumber,
    call: (path, params = {}, how = {}) => call(url, path, params, how),
    async text(from, to, text, media = []) {
      const at = configuredNumbers(config).find(({ phone }) => phone === to)?.carrier ?? mainCarrier(config);
      const { status } = await (at === 'telnyx' ? telnyx : simulator).text({ from, to, text, media });
      return status;
    },
    inbox: (phone, count) => inbox(world, phone, count),
    quiet: () => quiet(world),
    logIn: (phone) => logIn(world, phone),
    close: closers.close,
  };
  return world;
}

/** What puts these carriers into service. */
function settingsOf({ carriers, pool, auth, simulator, telnyx }: Service): Record<string, string> {
  const [main = 'plivo'] = carriers;
  const lists = { plivo: 'PLIVO_NUMBERS', telnyx: 'TELNYX_NUMBERS' };
  const other = carriers.find((name) => name !== main);
  return {
    CARRIER: main,
    ...(carriers.includes('plivo')
      ? { PLIVO_AUTH_ID: auth.authId, PLIVO_AUTH_TOKEN: auth.authToken, PLIVO_API_URL: simulator.url }
      : {}),
    ...(carriers.includes('telnyx')
      ? { TELNYX_API_KEY: 'KEYTEST', TELNYX_PUBLIC_KEY: telnyx.publicKey, TELNYX_API_URL: telnyx.url }
      : {}),
    ...(other === undefined ? {} : { [lists[other]]: pool.filter((_, at) => at % 2 === 1).join(',') }),
  };
}
type Service = {
  carriers: readonly CarrierName[];
  pool: readonly string[];
  auth: { authId: string; authToken: string };
  simulator: Simulator;
  telnyx: TelnyxSimulator;
};

/** The first texts that reach a phone, through whichever carrier. */
async function inbox(world: World, phone: string, count: number): Promise<Text[]> {
  const until = Date.now() + 40_000;
  for (;;) {
    const found = world.textsTo(phone);
    if (found.length >= count) return found.slice(0, count);
    if (Date.now() > until) throw new Error(`${found.length} of ${count} texts came for ${phone}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A database with nothing but the schema, and an empty Redis database, on the servers that `npm test` started. */
async function ownServers(): Promise<{ mysqlUrl: string; redisUrl: string; giveBack(): Promise<void> }> {
  const { url, giveBack } = await takeMigrated();
  return { mysqlUrl: url, redisUrl: await takeRedisDatabase(process.env.TEST_REDIS_URL ?? ''), giveBack };
}

/** A port that nobody else gets until it is released: the API's address is part of its settings. */
async function reservePort(): Promise<{ port: number; release(): Promise<void> }> {
  const holder: Server = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const address = holder.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, release: () => new Promise((resolve) => holder.close(() => resolve())) };
}

async function call(
  url: string,
  path: string,
  params: Record<string, unknown>,
  how: How,
  again = AGAIN,
): Promise<Answer> {
  const { method, as = 'form', headers = {} } = how;
  const query = new URLSearchParams(
    Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  const inQuery = as === 'query' || method === 'GET';
  const type = as === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
  const response = await fetch(inQuery && query !== '' ? `${url}${path}?${query}` : `${url}${path}`, {
    method: method ?? (inQuery ? 'GET' : 'POST'),
    headers: inQuery ? headers : { 'content-type': type, ...headers },
    ...(inQuery ? {} : { body: as === 'json' ? JSON.stringify(params) : query }),
  });
  const body = (await response.json()) as Record<string, unknown>;
  if (hadNoTime(body) && again > 0) return call(url, path, params, how, again - 1);
  noteAnswer(path, body);
  return { http: response.status, headers: response.headers, body: explained(body) };
}
/** A busy machine left no time for it: then nothing of it has happened, and clients call again. */
const hadNoTime = (body: Record<string, unknown>): boolean =>
  body.error_type === 'UNAVAILABLE' && body.error_subtype === 'time';
const AGAIN = 20;

/** Waits until nothing is on its way. Fails before the test does, saying what still is. */
async function quiet({ runtime, simulator, telnyx }: World): Promise<void> {
  const end = Date.now() + QUIET_WITHIN_MS;
  for (;;) {
    const [found] = (await runtime.db.raw(
      `SELECT (SELECT COUNT(*) FROM messages WHERE pending IN (1, 2)) AS messages,
        (SELECT COUNT(*) FROM deliveries WHERE due_at IS NOT NULL) AS deliveries, (SELECT COUNT(*) FROM batches) AS batches`,
    )) as [Record<string, number>[]];
    await Promise.all([simulator.settled(), telnyx.settled()]);
    const open = found[0] ?? {};
    if (Object.values(open).every((count) => count === 0)) return;
    if (Date.now() > end)
      throw new Error(`still on their way after ${QUIET_WITHIN_MS / 1000} s: ${JSON.stringify(open)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const QUIET_WITHIN_MS = 60_000;

async function logIn(world: World, phone: string): Promise<string> {
  const before = world.textsTo(phone).length;
  await world.call('/member/find', { number: phone });
  const texts = await world.inbox(phone, before + 1);
  const pin = /\b\d{6}\b/.exec(texts.at(-1)?.text ?? '')?.[0] ?? '';
  const { body } = await world.call('/member/login', { number: phone, pin });
  return String(body.sid);
}
