import type { SendVerdict } from '../carriers/carrier.ts';
import { mediaAddresses } from '../platform/media-addresses.ts';
import { openProcessMetrics } from '../platform/process-metrics.ts';
import type { Runtime } from '../platform/runtime.ts';
import { fanOutIdOf } from '../platform/trace-ids.ts';
import { type OpenSpan, openTracing } from '../platform/tracing.ts';
import { reportUrl } from '../platform/webhook-urls.ts';
import { type TryOf, tryName } from '../rules/try-name.ts';
import type { Claimed } from './claimed-texts.ts';

/** Gives one try of a text to its number's carrier, in the trace of its message, and measures what that took. Never rejects for what the carrier says. */
export function openCarrierCalls(runtime: Runtime): (text: Claimed, of: TryOf) => Promise<SendVerdict> {
  const { carrierCall } = runtime.use(openProcessMetrics);
  const tracing = runtime.use(openTracing);

  function begin(requestId: string, { carrier, of }: { carrier: string; of: TryOf }): OpenSpan {
    return tracing.begin({
      ...{ requestId, kind: 'client', name: `send ${carrier}`, parentId: fanOutIdOf(requestId, of.messageId) },
      attributes: { 'messaging.system': carrier, 'messaging.message.id': tryName(of) },
    });
  }

  return async ({ numberId, from, to, text, media, isSecret, requestId }, of) => {
    const carrier = await runtime.carrierOf(numberId);
    const start = performance.now();
    const span = tracing.isOn && requestId !== null ? begin(requestId, { carrier, of }) : null;
    const verdict = await runtime.carriers.send(carrier, {
      ...{ from, to, text, isSecret },
      media: mediaAddresses(runtime.config, media),
      reportUrl: reportUrl(runtime.config.PUBLIC_URL, carrier, tryName(of)),
    });
    span?.end({ attributes: { 'texting.outcome': verdict.kind }, failed: verdict.kind === 'failed' });
    carrierCall.observe({ carrier, outcome: verdict.kind }, (performance.now() - start) / 1_000);
    return verdict;
  };
}
