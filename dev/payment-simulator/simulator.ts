import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventsAfter, type Happening, happen, happenings, heldOf } from './afterwards.ts';
import { type Event, postUntilTaken, type Webhook } from './events.ts';
import { Refused } from './refused.ts';
import { routes } from './routes.ts';
import { type Intent, openStore, type Store } from './store.ts';

/**
 * A payment provider that speaks Stripe’s API as far as we use it, with its idempotency keys and its test cards, and
 * with faults on demand. It keeps no card number.
 */
export type PaymentSimulator = {
  url: string;
  /** Every payment that was ever begun, oldest first. */
  readonly payments: readonly Readonly<Intent>[];
  /** The next requests whose address contains `path` (or just any) meet this. */
  fault(fault: Fault): void;
  /** Something happens to a payment; answers the events that tell of it, which go out where a webhook is known. */
  happen(what: Happening, payment: string, amount?: number): Event[];
  /** What is left of a payment after all that has happened to it. */
  holds(payment: string): number;
  stop(): Promise<void>;
};
export type Options = { port?: number; host?: string; stateFile?: string; webhook?: Webhook };

const faultKinds = {
  /** 500, and nothing was done. */
  down: 'before',
  /** The connection breaks, and nothing was done. */
  refuse: 'before',
  /** Done, but the answer never comes. */
  hang: 'after',
  /** Done, but the connection breaks before the answer. */
  drop: 'after',
} as const;
export type Fault = { kind: keyof typeof faultKinds; times?: number; path?: string };

type Reply = { status: number; body: object };
type Once = { asked: string; reply: Reply };

export async function startPaymentSimulator({
  port = 0,
  host = '127.0.0.1',
  stateFile,
  webhook,
}: Options = {}): Promise<PaymentSimulator> {
  const store = openStore(stateFile);
  const known = new Map<string, Once>();
  let faults: Required<Fault>[] = [];

  /** Events follow the answer, as a provider’s do; nobody waits for them. */
  function tell(events: readonly Event[]): void {
    if (webhook !== undefined) for (const event of events) void postUntilTaken(event, webhook);
  }

  function letHappen(what: Happening, payment: string, amount?: number): Event[] {
    const events = happen(store, { payment, what, amount });
    store.save();
    tell(events);
    return events;
  }

  function nextFault(path: string): Fault['kind'] | null {
    const fault = faults.find((one) => one.times > 0 && path.includes(one.path));
    if (fault === undefined) return null;
    fault.times--;
    faults = faults.filter(({ times }) => times > 0);
    return fault.kind;
  }

  /** Null for no answer at all; `broken` where the connection breaks instead. */
  function reply(request: IncomingMessage, body: string): Reply | 'broken' | null {
    const path = request.url ?? '/';
    if (path === '/faults' && request.method === 'POST') {
      faults.push(readFault(body));
      return { status: 200, body: {} };
    }
    if (path === '/happen' && request.method === 'POST') {
      const { what, payment, amount } = readHappening(body);
      return { status: 200, body: letHappen(what, payment, amount) };
    }
    const fault = nextFault(path);
    if (fault === 'refuse') return 'broken';
    if (fault === 'down') return DOWN;
    const said = answer(store, known, request, body);
    tell(eventsAfter(store, { path, body: said.body }));
    if (fault === 'drop') return 'broken';
    return fault === 'hang' ? null : said;
  }

  function replyTo(request: IncomingMessage, body: string): Reply | 'broken' | null {
    try {
      return reply(request, body);
    } catch (error) {
      return failed(400, String(error));
    }
  }

  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (some: string) => (body += some));
    request.on('end', () => {
      const said = replyTo(request, body);
      if (said === 'broken') request.socket.resetAndDestroy();
      else if (said !== null) send(response, said);
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    get payments() {
      return Object.values(store.intents);
    },
    happen: letHappen,
    holds: (payment) => heldOf(store, payment),
    fault: ({ kind, times = 1, path = '' }) => void faults.push({ kind, times, path }),
    stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

const DOWN: Reply = { status: 500, body: { error: { type: 'api_error', message: 'Something went wrong.' } } };

/** The same idempotency key again has the first answer again, whatever that was; with other parameters it is an error. */
function answer(store: Store, known: Map<string, Once>, request: IncomingMessage, body: string): Reply {
  const { authorization = '', 'idempotency-key': key } = request.headers;
  if (!/^Bearer sk_test_\w+$/.test(authorization)) return failed(401, 'Invalid API Key provided.');
  const asked = `${request.method} ${request.url}\n${body}`;
  const before = typeof key === 'string' ? known.get(key) : undefined;
  if (before !== undefined && before.asked !== asked)
    return failed(400, 'Keys for idempotent requests can only be used with the same parameters.', 'idempotency_error');
  const reply = before?.reply ?? call(store, request, body);
  if (typeof key === 'string') known.set(key, { asked, reply });
  return reply;
}

function call(store: Store, request: IncomingMessage, body: string): Reply {
  const { pathname } = new URL(request.url ?? '/', 'http://simulator');
  const [, version, noun, id = '', verb] = pathname.split('/');
  const pattern = ['', version, noun, ...(id === '' ? [] : [':id']), ...(verb === undefined ? [] : [verb])].join('/');
  const route = routes[`${request.method} ${pattern}`];
  if (route === undefined) return failed(404, `Unrecognized request URL (${request.method}: ${pattern}).`);
  try {
    // A picture of the object as it is now: it may change before the same key asks again.
    return { status: 200, body: structuredClone(route(store, id, new URLSearchParams(body))) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { status: error.status, body: structuredClone({ error: error.error }) };
  } finally {
    store.save();
  }
}

function failed(status: number, message: string, type = 'invalid_request_error'): Reply {
  return { status, body: { error: { type, message } } };
}

function send(response: ServerResponse, { status, body }: Reply): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function readHappening(body: string): { what: Happening; payment: string; amount?: number } {
  const asked = JSON.parse(body) as { what: Happening; payment: string; amount?: number };
  if (!Object.hasOwn(happenings, asked.what)) throw new Error(`nothing is called ${String(asked.what)}`);
  return asked;
}

function readFault(body: string): Required<Fault> {
  const { kind, times = 1, path = '' } = JSON.parse(body) as Fault;
  if (!Object.hasOwn(faultKinds, kind)) throw new Error(`there is no fault ${String(kind)}`);
  return { kind, times, path };
}
