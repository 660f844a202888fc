import { fanOut } from '../engine/fanout.ts';
import type { FanOutHandlers } from '../engine/queues.ts';
import type { Runtime } from '../engine/runtime.ts';
import { pump, retry } from '../engine/slots.ts';

/** What a fan-out worker does with each kind of job. */
export function fanOutWork(runtime: Runtime): FanOutHandlers {
  return {
    messages: (messageIds) => fanOut(runtime, messageIds),
    pump: () => pump(runtime),
    retry: (of) => retry(runtime, [of]),
  };
}
