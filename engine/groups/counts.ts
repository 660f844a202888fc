import { countAllMessages } from '../../db/messages/message-reading.ts';
import type { Runtime } from '../platform/runtime.ts';

/**
 * All messages that were ever kept. Anybody may ask, and MySQL has to look at every group: so those who ask at the
 * same moment share one answer.
 */
export function countGrandTotal(runtime: Runtime): Promise<number> {
  return runtime.use(openGrandTotal).count();
}

function openGrandTotal({ db }: Runtime): { count(): Promise<number> } {
  let counting: Promise<number> | null = null;
  return {
    count() {
      counting ??= countAllMessages(db).finally(() => {
        counting = null;
      });
      return counting;
    },
  };
}
