import type { CarrierName, WebhookKind } from '../rules/carriers.ts';

/**
 * The addresses of the carriers' webhooks: the ones that are mounted, the ones that are told to a carrier, and the one
 * that a signature is checked against. They stand here once, so that they cannot differ.
 */
/** The paths under which a carrier's webhook of this kind is taken; the first is the one that the carrier is told. */
export function webhookPaths(carrier: CarrierName, kind: WebhookKind): readonly [string, ...string[]] {
  const path = `/${carrier}/${kind}`;
  // Documented before there was a second carrier.
  return carrier === 'plivo' && kind === 'report' ? ['/plivo/status', path] : [path];
}

/** Where a carrier reports on a try of a delivery. PUBLIC_URL may end in slashes. */
export function reportUrl(publicUrl: string, carrier: CarrierName, tryName: string): string {
  return `${publicUrlOf(publicUrl, webhookPaths(carrier, 'report')[0])}?d=${encodeURIComponent(tryName)}`;
}

/** An address of ours as the world outside knows it: PUBLIC_URL, then the path and query of a request. */
export function publicUrlOf(publicUrl: string, pathAndQuery: string): string {
  return publicUrl.replace(/\/+$/, '') + pathAndQuery;
}
