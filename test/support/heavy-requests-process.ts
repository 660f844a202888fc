import { connect } from 'node:net';
import fc from 'fast-check';
import type { RawRequest } from './heavy-requests.ts';
import { openWorkCounter, type WorkCounter } from './work.ts';

/** What test/api/heavy-requests.test.ts asks of this process. */
export type Question = { measure: 'work' | 'cpu'; seed: number; runs: number };
/** A sentence on each request that takes too much, and how many were made. */
export type Found = { made: number; tooHeavy: string[] };

process.once('message', (question: Question) => {
  answer(question).then(
    (found) => process.send?.(found),
    (error: unknown) => process.send?.({ made: 0, tooHeavy: [String(error)] }),
  );
});
process.send?.('ready');

async function answer({ measure, seed, runs }: Question): Promise<Found> {
  // What is counted has to be loaded after the counter is open.
  const counter = measure === 'work' ? openWorkCounter() : null;
  const { openWorld } = await import('./world.ts');
  const { openTarget } = await import('../hostile/target.ts');
  const { heavyRequests, seenBefore } = await import('./heavy-requests.ts');
  const env = {
    OPS_PASSWORD: 'an operator in a test',
    STRIPE_WEBHOOK_SECRET: 'whsec_test',
    TELNYX_NUMBERS: '',
    PLIVO_ACCEPT_V2: '1',
  };
  const world = await openWorld({ env, workers: false, carriers: ['plivo', 'telnyx'] });
  const { url, pool, serviceNumber, runtime, simulator } = world;
  const authToken = runtime.config.PLIVO_AUTH_TOKEN;
  const target = await openTarget({ url, authToken, db: runtime.db, pool, serviceNumber, textsTo: simulator.textsTo });
  const requests = [...seenBefore, ...fc.sample(heavyRequests(target), { seed, numRuns: runs - seenBefore.length })];
  const tooHeavy: string[] = [];
  for (const { what, of } of requests) {
    const send = (letters: number) => sendRaw(url, of(letters));
    const fault = counter === null ? await cpuFault(send) : await workFault(send, counter);
    if (fault !== null) tooHeavy.push(`${what}: ${fault}`);
  }
  await world.close();
  return { made: requests.length, tooHeavy };
}

type Send = (letters: number) => Promise<number>;

/** Headers may have 80 KiB in all, bodies 64 KiB. */
const MOST_LETTERS = 65_000;
const MOST_CPU_MS = 100;

/** Milliseconds of this process; it does nothing else meanwhile. The least of three: another's garbage is not its own. */
async function cpuFault(send: Send): Promise<string | null> {
  let least = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 3 && least >= MOST_CPU_MS; times++) {
    const before = process.cpuUsage();
    const status = await send(MOST_LETTERS);
    if (status === 0 || (status >= 500 && status !== 503)) return `HTTP ${status}`;
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least < MOST_CPU_MS ? null : `${Math.round(least)} ms of CPU`;
}

/** Beside a request the process looks after its connections. */
const NOISE_STEPS = 30_000;

/**
 * Four times as long a request is four times the work; ten times lies well below what is quadratic. Both are counted again
 * before it is believed: one of them may have been refused at an earlier step than the other.
 */
async function workFault(send: Send, counter: WorkCounter): Promise<string | null> {
  if ((await send(1_000)) === 0) return 'no answer';
  let short = 0;
  let long = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 3; times++) {
    short = Math.max(short, await counter.countAll(() => send(4_000)));
    long = Math.min(long, await counter.countAll(() => send(16_000)));
    if (long <= 10 * short + NOISE_STEPS) return null;
  }
  return `${short} steps, then ${long}`;
}

/** The status of the answer; 0 where the connection was only closed. */
function sendRaw(url: string, { method, path, headers, body }: RawRequest): Promise<number> {
  const { port, hostname } = new URL(url);
  const own = headers.some(([name]) => name === 'host') ? [] : [['host', hostname] as const];
  const all = [...own, ...headers, ['content-length', Buffer.byteLength(body)], ['connection', 'close']];
  const head = [`${method} ${path} HTTP/1.1`, ...all.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let got = '';
    socket.setEncoding('latin1');
    socket.on('data', (some: string) => {
      if (got.length < 20) got += some;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve(0) : reject(error)));
    socket.on('close', () => resolve(Number(got.slice(9, 12)) || 0));
    // Not ended: Node gives a request up, unanswered, whose client has closed its half.
    socket.write(Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]));
  });
}
