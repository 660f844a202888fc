import { type Db, onUnavailable, STATEMENT_MS } from '../../db/connect.ts';
import { CLAIM_GRACE_MS } from './locked-path.ts';

/**
 * How long before its due time a claim of another process stops keeping back what follows it: by then the carrier has been asked, or
 * who claimed it is gone. Where MySQL kept this process waiting it may have kept that one too, which had its claim and no answer, has
 * sent nothing, and gives it back when MySQL answers again: so that time does not count, nor what they need for it.
 */
export type ClaimGrace = {
  /** In milliseconds. */
  now(): number;
  /** MySQL was asked at `since`, on performance.now(), and has answered. */
  answered(since: number): void;
};

export function openClaimGrace(db: Db): ClaimGrace {
  let awaySince: number | null = null;
  let wasAwayMs = 0;
  let settledAt = 0;
  onUnavailable(db, () => {
    // It is noticed so late.
    awaySince ??= performance.now() - STATEMENT_MS;
  });
  return {
    now() {
      const at = performance.now();
      const awayMs = awaySince === null ? wasAwayMs : at - awaySince;
      return awaySince === null && at > settledAt ? CLAIM_GRACE_MS : CLAIM_GRACE_MS - awayMs - SETTLE_MS;
    },
    answered(since) {
      const at = performance.now();
      if (awaySince === null && at - since > SLOW_MS) awaySince = since;
      if (awaySince === null) return;
      wasAwayMs = at - awaySince;
      settledAt = at + SETTLE_MS;
      awaySince = null;
    },
  };
}

const SLOW_MS = 1_000;
/** They try every half second, and may have dead connections left, each of which takes two. */
const SETTLE_MS = 3_000;
