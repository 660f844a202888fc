import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type Koa from 'koa';
import { catalogue } from '../engine/rules/error-catalogue.ts';
import { errorAnswer } from './error-answer.ts';

export type Listening = {
  port: number;
  /** Takes no new connection or request, lets the running ones finish, and answers when they have. */
  stop(): Promise<void>;
};

/** What the app emits when it is to let go of answers that have no end. */
export const STOPPING = 'stopping';

/** Serves an app. Port 0 is any free one; `keepAliveSeconds` is how long an idle connection stays open, Node's 5 s if unset. */
export async function listen(
  app: Koa,
  at: { port: number; host: string; keepAliveSeconds?: number },
): Promise<Listening> {
  let stopping = false;
  const handle = app.callback();
  const keepAliveTimeout = (at.keepAliveSeconds ?? 5) * 1_000;
  const limits = { ...LIMITS, keepAliveTimeout };
  const server = createServer(limits, (request, response) => {
    if (stopping) response.setHeader('Connection', 'close');
    void handle(request, response);
  });
  server.on('clientError', answerGarbage);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      stopping = true;
      app.emit(STOPPING);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Connections that fall idle after their last answer, until the last request is through.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      const giveUp = setTimeout(() => server.closeAllConnections(), STOP_MS);
      await closed;
      clearInterval(sweep);
      clearTimeout(giveUp);
    },
  };
}

/**
 * Milliseconds for the headers and for a whole request of a slow client, and how often that is looked at. A request
 * without Host is none that Node answers in JSON; we do not look at that header. A query may be as long as a body.
 */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  requireHostHeader: false,
  maxHeaderSize: 5 * 16_384,
};

/** What is no HTTP, or comes too slowly, gets as far as here; its answer has the form of all others. */
function answerGarbage(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const token = error.code === 'HPE_HEADER_OVERFLOW' ? 'TOO_LARGE' : 'BAD_REQUEST';
  const body = JSON.stringify(errorAnswer({ token }));
  const head = [
    `HTTP/1.1 ${catalogue[token].http} ${token === 'TOO_LARGE' ? 'Payload Too Large' : 'Bad Request'}`,
    `X-Request-Id: ${randomUUID()}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Every answer comes within 3 s; a client that is still sending its request then is cut off. */
const STOP_MS = 6_000;
