import { fanOut } from '../engine/delivery/fanout.ts';
import { pump, retry } from '../engine/delivery/slots.ts';
import type { FanOutHandlers } from '../engine/platform/queues.ts';
import type { Runtime } from '../engine/platform/runtime.ts';

/** What a fan-out worker does with each kind of job. */
export function fanOutWork(runtime: Runtime): FanOutHandlers {
  return {
    messages: (messageIds) => fanOut(runtime, messageIds),
    pump: () => pump(runtime),
    retry: (of) => retry(runtime, [of]),
  };
}
