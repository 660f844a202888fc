import type { CarrierAccount } from '../../carriers/carrier.ts';
import type { Config } from '../../platform/config.ts';
import type { Carriers } from '../../platform/runtime.ts';
import { reportUrl } from '../../platform/webhook-urls.ts';
import { type Finding, type Found, fault } from './finding.ts';

/**
 * PUBLIC_URL as the world sees it: by TLS, answered by `web`, and a webhook that is signed as Plivo signs it is taken. The
 * webhook is a report that says nothing of a delivery that there is not, so it changes nothing.
 */
export async function examineAddress(config: Config, carriers: Carriers): Promise<Finding[]> {
  const found = (await examine(config, carriers)) ?? {
    state: 'ok',
    says: [...carriers.all.values()].some(({ account }) => account.probe !== null)
      ? 'it leads here, and a signed webhook is taken'
      : 'it leads here',
  };
  return [...overTls(config), found].map((one): Finding => ({ check: 'address', ...one }));
}

function overTls({ PUBLIC_URL }: Config): Found[] {
  const { protocol, hostname } = new URL(PUBLIC_URL);
  if (protocol === 'https:' || LOCAL.has(hostname)) return [];
  return [
    fault(
      'PUBLIC_URL is not https: texts and reports cross the internet in the clear',
      'put a proxy that ends TLS before web',
    ),
  ];
}
const LOCAL: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Null where all is well. */
async function examine(config: Config, carriers: Carriers): Promise<Found | null> {
  const health = await ask(`${config.PUBLIC_URL.replace(/\/+$/, '')}/healthz`, { method: 'GET' });
  if (health === null)
    return fault('PUBLIC_URL does not answer', 'start web, or correct PUBLIC_URL, the name server or the proxy');
  if (health.status !== 200)
    return fault(
      `PUBLIC_URL/healthz answers ${health.status}`,
      'something else answers there: correct PUBLIC_URL or the proxy',
    );
  for (const [name, { account }] of carriers.all) {
    if (account.probe === null) continue;
    const why = await tryWebhook(reportUrl(config.PUBLIC_URL, name, NO_DELIVERY), account.probe);
    if (why !== null) return why;
  }
  return null;
}

async function tryWebhook(url: string, probe: NonNullable<CarrierAccount['probe']>): Promise<Found | null> {
  const hook = await ask(url, { method: 'POST', ...probe(url) });
  if (hook === null) return fault('a webhook to PUBLIC_URL is not answered', 'see the log of web');
  if (hook.status === 403)
    return fault(
      'a webhook that is signed for PUBLIC_URL is refused by web',
      'web has another PUBLIC_URL or token, or the proxy changes the address: see its warning about refused webhooks',
    );
  return hook.status === 200 ? null : fault(`a webhook to PUBLIC_URL is answered ${hook.status}`, 'see the log of web');
}

const NO_DELIVERY = '0-0-0-1';

async function ask(url: string, request: RequestInit): Promise<Response | null> {
  try {
    return await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(WAIT_MS) });
  } catch {
    return null;
  }
}
const WAIT_MS = 5_000;
