import { type KeyedQueue, openKeyedQueue } from '../../platform/keyed-queue.ts';

/**
 * Texts and calls that arrive while earlier texts of the same phone are being kept wait until those can be counted, then go
 * together. Without this queue a burst would exceed the flood limits by the number of texts in flight. It works per
 * process: a burst through several processes may still exceed them by a few. The carrier redelivers a text that timed out.
 */
export function openPhoneQueue(): KeyedQueue<string> {
  return openKeyedQueue({ together: true, waitMs: 2_500 });
}
