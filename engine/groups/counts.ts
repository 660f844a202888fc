import { countAllMessages } from '../../db/messages/message-reading.ts';
import type { Runtime } from '../platform/runtime.ts';

/**
 * All messages that were ever kept. Anybody may ask, and MySQL has to look at every group: so those who ask at the
 * same moment share one answer.
 */
export function countGrandTotal(runtime: Runtime): Promise<number> {
  const asked = asking.get(runtime);
  if (asked !== undefined) return asked;
  const answer = countAllMessages(runtime.db).finally(() => asking.delete(runtime));
  asking.set(runtime, answer);
  return answer;
}

const asking = new WeakMap<Runtime, Promise<number>>();
