import type { ServerResponse } from 'node:http';
import type { Session } from '../engine/people/sessions.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { readBeginning } from '../engine/usecases/events/beginning.ts';
import { type Cursor, writeCursor } from '../engine/usecases/events/cursor.ts';
import { openListeners } from '../engine/usecases/events/listeners.ts';
import type { Step as EventStep } from '../engine/usecases/events/read-events.ts';
import type { Listener } from '../engine/usecases/events/telling.ts';
import { clientAddress } from './address.ts';
import { bearerOf, findCaller } from './caller.ts';
import { withinDeadline } from './deadline.ts';
import { eventsGet } from './endpoints/events.ts';
import { readFields } from './fields.ts';
import { cleaned } from './kinds.ts';
import { phoneSettings } from './phone-settings.ts';
import type { RequestContext, Step } from './step.ts';

/**
 * `/v1/events` as server-sent events, for who accepts them: each event with the cursor behind it as its id, so that a client
 * that was cut off goes on with `Last-Event-ID`. A line that does not take what it is told is cut off; so is each after some
 * time, that processes share them evenly.
 */
export function eventStream(runtime: Runtime): Step {
  return async (ctx, next) => {
    if (ctx.path !== eventsGet.url || ctx.method !== 'GET' || !acceptsStream(ctx)) return next();
    ctx.state.route = eventsGet.url;
    const query = readFields({ query: ctx.querystring, body: Buffer.alloc(0), contentType: undefined });
    const session = await callerOf(runtime, ctx, query);
    const last = ctx.req.headers['last-event-id'];
    const after = readBeginning(
      runtime,
      typeof last === 'string' ? last : (cleaned('text', query.get('cursor') ?? '') ?? 'x'),
    );
    open(runtime, ctx, { session, after });
  };
}

function acceptsStream({ req }: RequestContext): boolean {
  return (req.headers.accept ?? '').split(',', 20).some((type) => type.trim().startsWith('text/event-stream'));
}

async function callerOf(
  runtime: Runtime,
  ctx: RequestContext,
  fields: ReturnType<typeof readFields>,
): Promise<Session> {
  const request = {
    id: ctx.state.requestId,
    address: clientAddress(ctx.req, { trustProxy: runtime.config.TRUST_PROXY }),
    bearer: bearerOf(ctx.req.headers.authorization),
    log: ctx.state.log,
  };
  const call = { endpoint: eventsGet, fields, request, phones: phoneSettings(runtime) };
  const session = await withinDeadline(findCaller(runtime, call));
  if (session === null) throw new Error('an event stream needs a session');
  return session;
}

/** The listener is added before anything is written: what that throws, for being one too many, is an answer too. */
function open(runtime: Runtime, ctx: RequestContext, { session, after }: Pick<Listener, 'session' | 'after'>): void {
  const line = openLine(ctx.res);
  const remove = runtime.use(openListeners).add({ session, after, ...line });
  ctx.respond = false;
  ctx.status = 200;
  ctx.res.on('close', remove);
  ctx.res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // nginx holds answers back until they are whole, unless it is told so.
    'X-Accel-Buffering': 'no',
  });
  ctx.res.write(`retry: ${RETRY_MS}\n\n`);
}

type Line = Pick<ServerResponse, 'write' | 'end' | 'destroy' | 'writableLength' | 'writableEnded' | 'destroyed'>;

/** What a listener writes to. */
export function openLine(response: Line, now = () => performance.now()): Omit<Listener, 'session' | 'after'> {
  const opened = now();
  const lives = LIVES_MS * (1 - Math.random() / 5);
  let written = opened;
  let fullSince: number | null = null;
  let told = '';
  const isFull = () => response.writableLength > FULL_BYTES;
  function write(text: string): void {
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    written = now();
  }
  return {
    take(steps: readonly EventStep[], cursor: Cursor) {
      const id = writeCursor(cursor);
      const events = steps.map(
        ({ event, cursor: behind }) => `id: ${writeCursor(behind)}\ndata: ${JSON.stringify(event)}\n\n`,
      );
      // An id alone is no event, and yet where the client goes on.
      const place = told === '' && steps.length === 0 ? [`id: ${id}\n\n`] : [];
      if (events.length + place.length > 0) write([...events, ...place].join(''));
      told = id;
      return !isFull();
    },
    isFull,
    beat() {
      const at = now();
      fullSince = isFull() ? (fullSince ?? at) : null;
      if (fullSince !== null && at - fullSince > SLOW_MS) response.destroy();
      else if (at - opened > lives) response.end();
      else if (at - written > HEARTBEAT_MS) write(told === '' ? ':\n\n' : `id: ${told}\n\n`);
    },
    end: () => void response.end(),
  };
}

const RETRY_MS = 2_000;
const HEARTBEAT_MS = 15_000;
const LIVES_MS = 3_600_000;
/** What Node holds for a client that does not read, beside what the system holds. */
const FULL_BYTES = 65_536;
const SLOW_MS = 10_000;
