import type { Webhook } from '../engine/carriers/carrier.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import type { CarrierName, WebhookKind } from '../engine/rules/carriers.ts';
import type { RequestContext } from './step.ts';

/** `address`: the signature is right for the address under which the webhook came, which is not PUBLIC_URL. */
export const refusalReasons = ['unsigned', 'address', 'signature'] as const;
export type Refusal = (typeof refusalReasons)[number];

/**
 * Why a webhook was refused, for the metric and at most once a minute for the log: where the carrier itself is refused, every
 * text is being lost, and nearly always PUBLIC_URL or the token is wrong.
 */
export function explainRefusal(
  runtime: Runtime,
  { name, kind, verify, signatureHeaders }: Refused,
  { webhook, ctx }: { webhook: Webhook; ctx: RequestContext },
): Refusal {
  const headers = signatureHeaders.filter((header) => ctx.req.headers[header] !== undefined);
  const came = addressOf(ctx);
  const url = came === null ? null : came + ctx.originalUrl;
  const why = headers.length === 0 ? 'unsigned' : url !== null && verify({ ...webhook, url }) ? 'address' : 'signature';
  if (runtime.use(openSaid).isTime(why)) {
    const mend =
      why === 'address'
        ? `set PUBLIC_URL to ${came}`
        : why === 'signature'
          ? `look at the token, and set PUBLIC_URL to ${came} if that is what the carrier calls`
          : 'the carrier signs what it sends; this came from somebody else';
    const checked = webhook.url.replace(/\?.*/s, '');
    const { host, 'x-forwarded-proto': proto } = ctx.req.headers;
    ctx.state.log.warn(
      { carrier: name, kind, why, headers, checked, host: short(host), proto: short(proto), mend },
      'a webhook was refused: its signature is not the carrier’s',
    );
  }
  return why;
}

export type Refused = {
  name: CarrierName;
  kind: WebhookKind;
  verify(webhook: Webhook): boolean;
  signatureHeaders: readonly string[];
};

/** As the client wrote it, without the path; null where that is no host. */
function addressOf({ req }: RequestContext): string | null {
  const proto = [req.headers['x-forwarded-proto']].flat()[0]?.split(',').at(-1)?.trim() ?? 'https';
  const { host = '' } = req.headers;
  return /^https?$/.test(proto) && /^[\w.:[\]-]{1,200}$/.test(host) ? `${proto}://${host}` : null;
}

function short(header: string | string[] | undefined): string | undefined {
  return [header].flat()[0]?.slice(0, 200);
}

const EVERY_MS = 60_000;

/** A line of each kind a minute: strangers who send what is not signed do not hide the carrier. */
function openSaid(): { isTime(why: Refusal): boolean } {
  const said = new Map<Refusal, number>();
  return {
    isTime(why) {
      const now = performance.now();
      if (now - (said.get(why) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return false;
      said.set(why, now);
      return true;
    },
  };
}
