import { fanOut } from '../engine/delivery/fanout.ts';
import { dispatch, requeue } from '../engine/delivery/reservations.ts';
import type { FanOutHandlers } from '../engine/platform/queues.ts';
import type { Runtime } from '../engine/platform/runtime.ts';

/** What a fan-out worker does with each kind of job. */
export function fanOutWork(runtime: Runtime): FanOutHandlers {
  return {
    messages: (messageIds) => fanOut(runtime, messageIds),
    dispatch: () => dispatch(runtime),
    retry: (of) => requeue(runtime, { tries: [of] }),
  };
}
