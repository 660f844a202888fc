import type { TryOf } from '../platform/queues.ts';
import type { News } from '../rules/status.ts';

/** Something was heard of a try: what the carrier answered, what it reported, or that nothing came. */
export type Heard = {
  of: TryOf;
  news: News;
  carrierId?: string;
  errorCode?: number | null;
  reason?: string;
  /** The carrier asked to wait this long before the next try. */
  waitMs?: number | null;
  /** Whoever tells it has just claimed this try, the delivery's first, which costs so much. */
  fresh?: { cost: number };
};

/** Moves deliveries forward, many in one transaction. `tell` answers when its news is committed: was it any? */
export type Progressing = { tell(heard: Heard): Promise<boolean> };
