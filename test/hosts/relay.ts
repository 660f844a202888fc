import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';

/**
 * Runs on each host of a process beside a Galera cluster, as `relay.ts PORT NODE-URL…`: what HAProxy does there. New connections go to
 * the first node of the list that is ready; those to a node that is ready no more are ended.
 */
const CHECK_EVERY_MS = 500;
const CHECKED_WITHIN_MS = 1_000;
const OUT_AFTER = 2;
/** A node that stood still says for a moment that it is ready, until it hears that it was put out. */
const IN_AFTER = 2;

const [port, ...urls] = process.argv.slice(2);
const nodes = urls.map((url) => ({ url, failures: OUT_AFTER, successes: 0, sockets: new Set<Socket>() }));
type Relayed = (typeof nodes)[number];

async function isReady({ url }: Relayed): Promise<boolean> {
  const connection = await createConnection({ uri: url, connectTimeout: CHECKED_WITHIN_MS });
  try {
    // Else it waits, as all that reads, for what others have committed.
    await connection.query({ sql: 'SET SESSION wsrep_sync_wait = 0', timeout: CHECKED_WITHIN_MS });
    const asked = connection.query({ sql: "SHOW GLOBAL STATUS LIKE 'wsrep_ready'", timeout: CHECKED_WITHIN_MS });
    const [[found]] = (await asked) as unknown as [[{ Value: string } | undefined]];
    return found?.Value === 'ON';
  } finally {
    connection.destroy();
  }
}

async function checkOn(node: Relayed): Promise<never> {
  for (;;) {
    const ready = await isReady(node).catch(() => false);
    node.successes = ready ? node.successes + 1 : 0;
    if (!ready) node.failures += 1;
    else if (node.successes >= IN_AFTER) node.failures = 0;
    if (node.failures >= OUT_AFTER) for (const socket of node.sockets) socket.destroy();
    await sleep(CHECK_EVERY_MS);
  }
}

function pass(from: Socket): void {
  const node = nodes.find(({ failures }) => failures < OUT_AFTER);
  if (node === undefined) {
    from.destroy();
    return;
  }
  const { hostname, port: at } = new URL(node.url);
  const to = connect({ host: hostname, port: Number(at) });
  for (const [one, other] of [
    [from, to],
    [to, from],
  ] as const) {
    one.setNoDelay(true);
    node.sockets.add(one);
    one.on('error', () => {});
    one.once('close', () => {
      node.sockets.delete(one);
      other.destroy();
    });
    one.pipe(other);
  }
}

for (const node of nodes) void checkOn(node);
createServer(pass).listen(Number(port), '127.0.0.1');
