import { transact } from '../../db/connect.ts';
import { lockDeliveries } from '../../db/deliveries/delivery-progress.ts';
import { countUnreachable } from '../../db/deliveries/reachability.ts';
import type { CarrierReport } from '../carriers/carrier.ts';
import type { Runtime } from '../platform/runtime.ts';
import { readAttemptLog } from '../rules/attempt-log.ts';
import type { CarrierName } from '../rules/carriers.ts';
import { OPTED_OUT } from '../rules/digest.ts';
import { readTryName, type TryOf } from '../rules/try-name.ts';
import { noteLandline } from './landlines.ts';
import { recordOptOut, silence } from './opt-out.ts';
import { openOutcomes } from './outcomes.ts';
import { pauseCarrier } from './pause.ts';
import { beginReportSpan } from './report-spans.ts';
import { startSystemMessages, writeSystemMessages } from './system-messages.ts';

/**
 * The carrier reported on a delivery. When this returns, that is committed. A report on a delivery that we do not
 * know is logged and dropped.
 */
export async function acceptReport(
  runtime: Runtime,
  name: string,
  report: CarrierReport,
  carrier: CarrierName = runtime.carriers.main,
): Promise<void> {
  const of = readTryName(name);
  if (of === null) return runtime.log.warn({ name }, 'a report on no delivery of ours was dropped');
  const { status, meaning, sequence, carrierId, errorCode, carrierCost = null, network = null } = report;
  const event = { kind: 'report', attempt: of.attempt, status, meaning, sequence } as const;
  const reason = reasonOf(report);
  // Before the report is noted: where this fails, the carrier brings it again, and it still has to be news.
  if (meaning === 'optout') await optOutOnce(runtime, of);
  const outcome = { of, event, carrierId, errorCode, carrierCost, network, ...reason };
  const span = beginReportSpan(runtime, { of, carrier, status });
  const [changed] = await runtime
    .use(openOutcomes)
    .record({ outcomes: [outcome] })
    .catch((error: unknown) => {
      span?.ended({ failed: true });
      throw error;
    });
  span?.ended({ failed: false });
  if (changed && meaning === 'paused') await pauseCarrier(runtime, carrier, errorCode ?? 0);
  // A long text fails once, not once a part.
  if (changed && report.unreachable && of.part === 0) await countFailure(runtime, of);
  if (changed && report.landline) await noteLandline(runtime, of.personId);
}

/** The code is for the operator's eyes; the digest tells an opt-out by its meaning, since each carrier has its own codes. */
function reasonOf({ meaning, errorCode }: CarrierReport): { reason?: string } {
  if (meaning === 'optout') return { reason: OPTED_OUT };
  return errorCode === null ? {} : { reason: `carrier error ${errorCode}` };
}

/** An end of this try that is known already is no news: the phone may have texted START since. */
async function optOutOnce(runtime: Runtime, of: TryOf): Promise<void> {
  const [delivery] = await lockDeliveries(runtime.db, [of]);
  if (delivery === undefined) return;
  const last = readAttemptLog(delivery.attemptLog)[of.attempt];
  if (last === undefined || last.status === 'sent') await optOut(runtime, delivery);
}

/** The carrier holds an opt-out of this phone from texts of this number. */
export async function optOut(runtime: Runtime, pair: { personId: number; numberId: number }): Promise<void> {
  const now = new Date();
  const ids = await transact(runtime.db, async (tx) =>
    writeSystemMessages(runtime, tx, { cause: BY_CARRIER, messages: await recordOptOut(tx, pair, now), now }),
  );
  await startSystemMessages(runtime, ids);
}

/** Nobody's act: what the carrier says of a phone. */
const BY_CARRIER = { by: 'system' } as const;

/** From the contract: five failures in a row that say the phone is dead. */
const UNREACHABLE_LIMIT = 5;

async function countFailure(runtime: Runtime, of: TryOf): Promise<void> {
  const now = new Date();
  const ids = await transact(runtime.db, async (tx) => {
    const member = await countUnreachable(tx, of);
    if (member === undefined || member.unreachable < UNREACHABLE_LIMIT) return [];
    return writeSystemMessages(runtime, tx, { cause: BY_CARRIER, messages: await silence(tx, member), now });
  });
  await startSystemMessages(runtime, ids);
}
