import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** One of the processes that requests go to. */
export type Target = { name: string; host: string; port: number };

/** Passes each request to one of the targets of the moment, in turn. */
export type Balancer = {
  /** Requests so far, and a line for each that was not answered, or by a 5xx. */
  passed(): number;
  refused: readonly string[];
  close(): void;
};

export type BalancerOptions = {
  host: string;
  port: number;
  targets(): readonly Target[];
  /** How many targets are tried, where one takes no connection: nothing was said to it yet. */
  tries: number;
};

/** A host that is cut off does not refuse; it says nothing. */
const CONNECTED_WITHIN_MS = 1_000;
const ANSWERED_WITHIN_MS = 25_000;

export async function openBalancer({ host, port, targets, tries }: BalancerOptions): Promise<Balancer> {
  const refused: string[] = [];
  let passed = 0;

  const server = createServer((req, res) => {
    passed += 1;
    const some = targets();
    const first = passed;
    const inTurn = some.map((_, at) => some[(first + at) % some.length]).slice(0, tries);
    const body: Buffer[] = [];
    req.on('data', (piece: Buffer) => body.push(piece));
    req.on('end', () => pass(req, Buffer.concat(body), { res, to: inTurn }));
  });

  /** A connection each, so that none is kept that ends just when something is sent on it. */
  function pass(
    req: IncomingMessage,
    body: Buffer,
    { res, to: [target, ...others] }: { res: ServerResponse; to: readonly (Target | undefined)[] },
  ): void {
    const path = req.url?.split('?')[0];
    const fail = (why: string) => {
      refused.push(`${req.method} ${path} at ${target?.name}: ${why}`);
      if (!res.headersSent) res.writeHead(502);
      res.end();
    };
    if (target === undefined) {
      fail('nobody is ready');
      return;
    }
    const headers = { ...req.headers, connection: 'close', 'content-length': String(body.length) };
    delete headers['transfer-encoding'];
    const { host, port } = target;
    const passing = request({ host, port, method: req.method, path: req.url, headers, agent: false });
    let isConnected = false;
    const giveUp = (ms: number, why: string) => setTimeout(() => passing.destroy(new Error(why)), ms);
    let limit = giveUp(CONNECTED_WITHIN_MS, 'no connection');
    passing.on('socket', (socket) =>
      socket.once('connect', () => {
        isConnected = true;
        clearTimeout(limit);
        limit = giveUp(ANSWERED_WITHIN_MS, 'no answer');
      }),
    );
    passing.on('close', () => clearTimeout(limit));
    passing.on('error', (error) => {
      if (!isConnected && others.length > 0) pass(req, body, { res, to: others });
      else fail(error.message);
    });
    passing.on('response', (answer) => {
      const { statusCode = 0 } = answer;
      if (statusCode >= 500) refused.push(`${req.method} ${path} at ${target.name}: ${statusCode}`);
      res.writeHead(statusCode, answer.headers);
      answer.pipe(res);
    });
    res.on('close', () => passing.destroy());
    passing.end(body);
  }

  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    passed: () => passed,
    refused,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
