import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Koa from 'koa';

export type Listening = {
  port: number;
  /** Takes no new connection or request, lets the running ones finish, and answers when they have. */
  stop(): Promise<void>;
};

/** Serves an app. Port 0 is any free one. */
export async function listen(app: Koa, at: { port: number; host: string }): Promise<Listening> {
  let stopping = false;
  const handle = app.callback();
  const server = createServer(LIMITS, (request, response) => {
    if (stopping) response.setHeader('Connection', 'close');
    void handle(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      stopping = true;
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

/** Milliseconds for the headers and for a whole request of a slow client, and how often that is looked at. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 2_000 };

/** Every answer comes within 3 s; a client that is still sending its request then is cut off. */
const STOP_MS = 6_000;
