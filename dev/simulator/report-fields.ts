import type { Text } from './log.ts';
import { networkOf } from './networks.ts';
import type { Source } from './numbers.ts';
import { priceOf, unpaid } from './prices.ts';
import { countUnits } from './units.ts';

/** One report of a text. `together`: not after the one before but at the same moment; `early`: before the answer. */
export type Step = {
  /** One of queued, sent, delivered, undelivered, failed, read; or whatever a fault makes of it. */
  status: string;
  sequence: number;
  errorCode: string;
  waitMs: number;
  together?: boolean;
  early?: boolean;
};

/**
 * The fields of a report, from plivo.com/docs/messaging/api/message/message-status-callbacks (2026). Numbers travel
 * without their plus; times are YYYY-mm-dd HH:MM:SS.SSSSSS in UTC, blank for what has not happened.
 *
 * Assumptions: CarrierFees and CarrierFeesRate, which that page does not list; message records have them as
 * carrier_fees and carrier_fees_rate (github.com/plivo/plivo-node: lib/resources/messages.js, 2026-06), and the other
 * fields of a record are named here in this way. ErrorCode is 000 where the page says that it is not defined.
 */
export function reportFields(text: Text, step: Step, source: Source): Record<string, string> {
  const units = countUnits(text.text);
  const type = text.media.length > 0 ? 'mms' : 'sms';
  const network = networkOf(text.to);
  const price = priceOf({ type, kind: source.kind, network, registered: source.registered });
  const paid = step.status === 'failed' ? unpaid : price;
  const charged = type === 'mms' ? 1 : units;
  const acceptedAt = clockTime(text.at);
  const wentOut = step.status !== 'failed' && step.status !== 'queued';
  return {
    From: text.from.replace('+', ''),
    To: text.to.slice(1),
    MessageUUID: text.uuid,
    ParentMessageUUID: text.uuid,
    PartInfo: '1 of 1',
    Type: type,
    Status: step.status,
    Sequence: String(step.sequence),
    ErrorCode: step.errorCode,
    Units: String(charged),
    TotalRate: price.rate,
    TotalAmount: paid.amount(charged),
    CarrierFeesRate: price.feeRate,
    CarrierFees: paid.fees(charged),
    MCC: network.mcc,
    MNC: network.mnc,
    PowerpackUUID: '',
    requester_ip: '127.0.0.1',
    MessageTime: acceptedAt,
    QueuedTime: acceptedAt,
    SentTime: wentOut ? acceptedAt : '',
    DeliveryReportTime: wentOut && step.status !== 'sent' ? clockTime(Date.now()) : '',
  };
}

function clockTime(ms: number): string {
  return `${new Date(ms).toISOString().replace('T', ' ').slice(0, -1)}000`;
}
