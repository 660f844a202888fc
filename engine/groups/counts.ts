import { countAllMessages } from '../../db/messages/message-counts.ts';
import type { Runtime } from '../platform/runtime.ts';
import { singleFlight } from '../platform/single-flight.ts';

/**
 * Returns the number of all messages ever kept. Anybody may ask, and MySQL has to look at every group, so concurrent
 * calls share one answer.
 */
export function countGrandTotal(runtime: Runtime): Promise<number> {
  return runtime.use(openGrandTotal)();
}

function openGrandTotal({ db }: Runtime): () => Promise<number> {
  return singleFlight(() => countAllMessages(db));
}
