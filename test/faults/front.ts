import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { freePort } from '../../dev/stack/port.ts';
import type { Env } from '../../dev/system/processes.ts';
import type { ProcessType } from '../../dev/system/procfile.ts';
import { untilAnswered } from '../../dev/system/ready.ts';

/** What platforms have before several `web` processes: each request goes to one that is ready. */
export type Front = {
  /** The same process type, whose program listens on a port of its own behind the front. */
  lead(type: ProcessType): Promise<ProcessType>;
  /** For a program that runs in its place. */
  envOf(name: string): Env;
  /** No further request goes there: it is about to stop. */
  leave(name: string): void;
  /** Resolves when it is ready and has requests again. */
  join(name: string): Promise<void>;
  /** Requests so far, and a line for each that was not answered, or by a 5xx. */
  passed(): number;
  refused: readonly string[];
  close(): void;
};

export async function openFront(port: number): Promise<Front> {
  const ports = new Map<string, number>();
  const members: string[] = [];
  const refused: string[] = [];
  let passed = 0;

  const server = createServer((req, res) => {
    passed += 1;
    const body: Buffer[] = [];
    req.on('data', (piece: Buffer) => body.push(piece));
    req.on('end', () => pass(req, Buffer.concat(body), res));
  });

  /** A connection each, so that none is kept that ends just when something is sent on it. */
  function pass(req: IncomingMessage, body: Buffer, res: ServerResponse): void {
    const name = members[passed % members.length];
    const to = name === undefined ? undefined : ports.get(name);
    const path = req.url?.split('?')[0];
    const fail = (why: string) => {
      refused.push(`${req.method} ${path} at ${name}: ${why}`);
      res.writeHead(502).end();
    };
    if (to === undefined) {
      fail('nobody is ready');
      return;
    }
    const headers = { ...req.headers, connection: 'close', 'content-length': String(body.length) };
    delete headers['transfer-encoding'];
    const passing = request({ port: to, host: '127.0.0.1', method: req.method, path: req.url, headers, agent: false });
    passing.on('error', (error) => fail(error.message));
    passing.on('response', (answer) => {
      const { statusCode = 0 } = answer;
      if (statusCode >= 500) refused.push(`${req.method} ${path} at ${name}: ${statusCode}`);
      res.writeHead(statusCode, answer.headers);
      answer.pipe(res);
    });
    passing.end(body);
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    async lead({ name, command }) {
      const own = await freePort();
      ports.set(name, own);
      members.push(name);
      return { name, command: `env PORT=${own} ${command}` };
    },
    envOf: (name) => (ports.has(name) ? { PORT: String(ports.get(name)) } : {}),
    leave(name) {
      if (members.includes(name)) members.splice(members.indexOf(name), 1);
    },
    async join(name) {
      await untilAnswered(`http://127.0.0.1:${ports.get(name)}/readyz`);
      if (!members.includes(name)) members.push(name);
    },
    passed: () => passed,
    refused,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
