import { openDelivering } from '../../engine/delivery/deliver.ts';
import { openPushing } from '../../engine/delivery/push.ts';
import { openRuntime, type ProcessType, type Runtime } from '../../engine/platform/runtime.ts';
import { withTimeLimit } from '../../engine/platform/time-limit.ts';
import { workHook } from '../../engine/usecases/hooks/work.ts';
import { runClock } from '../../workers/clock.ts';
import { fanOutWork } from '../../workers/fanout.ts';

/**
 * Fan-out workers and senders, each with a runtime of its own, as in its own process. `clock` runs one beside them: without, what
 * a busy machine had no time to queue stays where it is.
 * `beginMs`: a push that waited longer is not begun.
 */
export async function openWorkers(
  { runtime }: { runtime: Pick<Runtime, 'config'> },
  { fanouts = 1, senders = 1, pushes = true, clock = false, beginMs }: WorkersOptions = {},
): Promise<Workers> {
  const open = (process: ProcessType, count: number) =>
    Promise.all(Array.from({ length: count }, () => openRuntime(runtime.config, { process })));
  const [ofFanouts, ofSenders, ofClock] = await Promise.all([
    open('fanout', fanouts),
    open('sender', senders),
    open('clock', clock ? 1 : 0),
  ]);
  for (const fanout of ofFanouts) {
    fanout.queues.workFanOut(fanOutWork(fanout));
    fanout.queues.workHooks((hookId) => workHook(fanout, hookId));
  }
  const stops = ofSenders.map((sender) => {
    const { deliver, stop } = openDelivering(sender);
    sender.queues.workSends(deliver);
    if (!pushes) return stop;
    const pushing = openPushing(sender, beginMs === undefined ? {} : { beginMs });
    sender.queues.workPushes(pushing.push);
    return () => {
      stop();
      pushing.stop();
    };
  });
  const clocks = ofClock.map((one) => runClock(one));
  return {
    async close() {
      for (const stop of stops) stop();
      const drains = [...ofFanouts, ...ofSenders].map((one) => one.queues.drain());
      // As long as a process waits.
      await withTimeLimit(DRAIN_MS, Promise.all([...clocks.map((stop) => stop()), ...drains]), () => undefined);
      await Promise.all([...ofFanouts, ...ofSenders, ...ofClock].map((one) => one.close()));
    },
  };
}
const DRAIN_MS = 7_800;

export type Workers = { close(): Promise<void> };
export type WorkersOptions = {
  fanouts?: number;
  senders?: number;
  pushes?: boolean;
  clock?: boolean;
  beginMs?: number;
};
