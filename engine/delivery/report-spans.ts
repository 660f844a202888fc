import { readRequestIds } from '../../db/messages/request-ids.ts';
import type { CarrierReport } from '../carriers/carrier.ts';
import { type Batcher, batched } from '../platform/batch.ts';
import type { Runtime } from '../platform/runtime.ts';
import { fanOutIdOf } from '../platform/trace-ids.ts';
import { openTracing } from '../platform/tracing.ts';
import { type TryOf, tryName } from '../rules/try-name.ts';

/** `ended` when the report is committed, or could not be. */
export type ReportSpan = { ended(how: { failed: boolean }): void };

/**
 * The span of a carrier's report, in the trace of the request that said the message and below its fan-out; null where traces are
 * off. Holds nobody up: whose trace it is, is asked afterwards, of many reports in one statement.
 */
export function beginReportSpan(
  runtime: Runtime,
  { of, carrier, status }: { of: TryOf; carrier: string; status: CarrierReport['status'] },
): ReportSpan | null {
  const tracing = runtime.use(openTracing);
  if (!tracing.isOn) return null;
  const requestIds = runtime.use(openRequestIds);
  const startedAt = performance.now();
  return {
    ended({ failed }) {
      const endedAt = performance.now();
      requestIds
        .add(of.messageId)
        .then((requestId) => {
          if (requestId === null) return;
          const span = tracing.begin({
            ...{ requestId, name: `report ${carrier}`, kind: 'consumer', startedAt },
            parentId: fanOutIdOf(requestId, of.messageId),
            attributes: {
              'messaging.system': carrier,
              'messaging.message.id': tryName(of),
              'texting.status': status,
            },
          });
          span.end({ failed, endedAt });
        })
        .catch((err) => runtime.log.debug({ err }, 'a report has no span: MySQL does not say whose message it is'));
    },
  };
}

/** For `runtime.use`. By the id of a message; null where it came of nobody's request, or is gone. */
function openRequestIds({ db }: Runtime): Batcher<number, string | null> {
  return batched({
    max: 1_000,
    lingerMs: 100,
    parallel: 1,
    async flush(messageIds) {
      const found = await readRequestIds(db, messageIds);
      return messageIds.map((id) => found.get(id) ?? null);
    },
  });
}
