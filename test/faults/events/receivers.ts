import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '../../../client/index.ts';
import { signHook } from '../../../engine/usecases/hooks/signature.ts';
import type { Random } from '../random.ts';

/** `dead` answers nothing until all are revived. */
export type Health = 'healthy' | 'failing' | 'slow' | 'dead';

/** What a webhook was posted and took, in the order in which that came; `again`: it had taken that before. */
export type Taken = { event: Event; at: number; again: boolean };
export type Receiver = {
  url: string;
  health: Health;
  taken: Taken[];
  /** Posts that it refused, and whose signature was wrong. */
  refused: number;
  forged: number;
  /** By which posts are signed, as soon as it is known. */
  secret: string | null;
};

export type Receivers = {
  add(health: Health): Receiver;
  revive(): void;
  close(): void;
};

const FAILS = 0.3;
/** Of one post: after a fourth its event rests for two minutes, after a fifth for ten. */
const MOST_FAILS = 3;
const SLOW_MS = 700;

export async function openReceivers(random: Random): Promise<Receivers> {
  const all: Receiver[] = [];
  const seen = new Set<string>();
  const failed = new Map<string, number>();
  let isRevived = false;

  async function take(request: IncomingMessage): Promise<number> {
    const receiver = all[Number(request.url?.slice(1))];
    const body = await textOf(request);
    if (receiver === undefined) return 404;
    const at = Date.now();
    if (receiver.health === 'dead' && !isRevived) {
      receiver.refused += 1;
      return 500;
    }
    const name = `${receiver.url} ${request.headers['webhook-id']}`;
    const fails = failed.get(name) ?? 0;
    if (receiver.health === 'failing' && random.next() < FAILS && fails < MOST_FAILS) {
      failed.set(name, fails + 1);
      receiver.refused += 1;
      return 503;
    }
    if (!isSigned(receiver, request, body)) {
      receiver.forged += 1;
      return 400;
    }
    receiver.taken.push({ event: (JSON.parse(body) as { data: Event }).data, at, again: seen.has(name) });
    seen.add(name);
    if (receiver.health === 'slow') await sleep(SLOW_MS);
    return 204;
  }

  const server = createServer((request, response) => {
    void take(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    add(health) {
      const url = `http://127.0.0.1:${port}/${all.length}`;
      const receiver: Receiver = { url, health, taken: [], refused: 0, forged: 0, secret: null };
      all.push(receiver);
      return receiver;
    },
    revive() {
      isRevived = true;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function isSigned({ secret }: Receiver, { headers }: IncomingMessage, body: string): boolean {
  if (secret === null) return false;
  const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
  const right = signHook([secret], { name: String(headers['webhook-id']), at, body });
  return headers['webhook-signature'] === right['webhook-signature'];
}
