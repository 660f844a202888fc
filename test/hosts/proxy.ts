import { setTimeout as sleep } from 'node:timers/promises';
import { openBalancer } from '../faults/balancer.ts';

/**
 * Runs on the host of the proxy, as `proxy.ts PORT WEB-ADDRESS WEB-PORT…`. As balancers do, it asks each `web` process whether it is
 * ready, sends nothing to one that was not twice in a row, and where none is asks all.
 */
const CHECK_EVERY_MS = 500;
const CHECKED_WITHIN_MS = 1_000;
const OUT_AFTER = 2;

const [port, webPort, ...addresses] = process.argv.slice(2);
const webs = addresses.map((host) => ({ name: host, host, port: Number(webPort), failures: 0 }));

async function check(web: (typeof webs)[number]): Promise<void> {
  const url = `http://${web.host}:${web.port}/readyz`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(CHECKED_WITHIN_MS) }).catch(() => null);
  await answer?.arrayBuffer().catch(() => null);
  web.failures = answer?.status === 200 ? 0 : web.failures + 1;
}

async function checkOn(web: (typeof webs)[number]): Promise<never> {
  for (;;) {
    await check(web);
    await sleep(CHECK_EVERY_MS);
  }
}

await openBalancer({
  host: '0.0.0.0',
  port: Number(port),
  targets() {
    const ready = webs.filter(({ failures }) => failures < OUT_AFTER);
    return ready.length > 0 ? ready : webs;
  },
  tries: webs.length,
});
process.stdout.write('the proxy listens\n');
await Promise.all(webs.map(checkOn));
