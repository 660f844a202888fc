import type { Payer } from '../../db/billing/accounts.ts';
import type { DeliveryEvent } from '../rules/status.ts';
import type { TryOf } from '../rules/try-name.ts';

/** What was heard of a try: the carrier's answer, its report, or that nothing came. */
export type Outcome = {
  of: TryOf;
  event: DeliveryEvent;
  carrierId?: string;
  errorCode?: number | null;
  reason?: string;
  /** What the carrier charges us for the try, in hundredths of a penny, and the network of the phone; if it said so. */
  carrierCost?: number | null;
  network?: string | null;
  /** The carrier asked to wait this long before the next try, or nothing more may be sent until then. */
  waitMs?: number | null;
  /** Pennies that the try costs and who pays them, where the sender who claimed it tells. */
  paid?: { cost: number; payer: Payer | null };
};
