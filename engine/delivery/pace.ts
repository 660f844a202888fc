import { type Config, isPaced } from '../platform/config.ts';
import { type NumberClass, numberClasses } from '../rules/number-class.ts';
import type { TextSize } from '../rules/text-size.ts';

/** Milliseconds that a segment, or an MMS, takes of each limit; 0 where there is none. */
export type Pace = {
  /** Of a number, by its class. */
  numbers: Record<NumberClass, { segmentMs: number; mmsMs: number }>;
  /** Of the account at the carrier. */
  account: { segmentMs: number; mmsMs: number };
  /** Of the numbers of a campaign together, where an operator has set one; an MMS takes as long as a segment. */
  campaigns: ReadonlyMap<string, number>;
};

type Limits = Pick<
  Config,
  | 'NUMBER_MPS'
  | 'ACCOUNT_MPS'
  | 'TOLLFREE_MPS'
  | 'SHORT_MPS'
  | 'NUMBER_MMS_MPS'
  | 'TOLLFREE_MMS_MPS'
  | 'ACCOUNT_MMS_MPS'
>;

/**
 * Where neither long numbers nor the account have a limit, only campaigns have one. `campaigns`: the segments a second of
 * those with a pace.
 */
export function paceOf(limits: Limits, campaigns: ReadonlyMap<string, number>, headroom = HEADROOM): Pace {
  const gap = (mps: number) => (1_000 * headroom) / mps;
  const ms = (mps: number) => (isPaced(limits) && mps > 0 ? gap(mps) : 0);
  const of = (mps: number, mmsMps: number) => ({ segmentMs: ms(mps), mmsMs: ms(mmsMps) });
  return {
    numbers: {
      long: of(limits.NUMBER_MPS, limits.NUMBER_MMS_MPS),
      tollfree: of(limits.TOLLFREE_MPS, limits.TOLLFREE_MMS_MPS),
      short: of(limits.SHORT_MPS, limits.NUMBER_MMS_MPS),
    },
    account: of(limits.ACCOUNT_MPS, limits.ACCOUNT_MMS_MPS),
    campaigns: new Map([...campaigns].map(([name, mps]) => [name, gap(mps)])),
  };
}

/**
 * On their way to the carrier texts catch up with each other by some tens of milliseconds, the first ones of many numbers by the most:
 * limits are kept with so much to spare that ten seconds hold no text too many.
 */
const HEADROOM = 1.009;

export function hasLimit({ numbers, account, campaigns }: Pace): boolean {
  const limits = [account, ...numberClasses.map((of) => numbers[of])];
  return campaigns.size > 0 || limits.some(({ segmentMs, mmsMs }) => segmentMs + mmsMs > 0);
}

/** The milliseconds of a limit that a text takes. */
export function takenMs({ segmentMs, mmsMs }: { segmentMs: number; mmsMs: number }, size: TextSize): number {
  return size === 'mms' ? mmsMs : size * segmentMs;
}
