import type { ClassedRequest } from '../../engine/delivery/fair-queue.ts';

/** Limits of a fair queue under test; 0, or none, is no limit. */
export type Limits = {
  numberMps?: number;
  accountMps?: number;
  accountMmsMps?: number;
  /** Segments a second. */
  campaigns?: Readonly<Record<string, number>>;
  horizonMs?: number;
};

/** One text of a message that nobody waits for especially, where nothing else is said. */
export function requestWith(some: Partial<ClassedRequest>): ClassedRequest {
  return {
    ...{ urgent: false, numberId: 1, groupId: 1, messageId: 1, count: 1, size: 1, class: 'long', campaign: null },
    ...some,
  };
}
