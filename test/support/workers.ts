import { openDelivering } from '../../engine/delivery/deliver.ts';
import { openPushing } from '../../engine/delivery/push.ts';
import { openRuntime, type ProcessType, type Runtime } from '../../engine/platform/runtime.ts';
import { fanOutWork } from '../../workers/fanout.ts';
import type { World } from './world.ts';

/** Fan-out workers and senders of a world without any; each has a runtime of its own, as in its own process. No clock. */
export async function openWorkers(world: World, { fanouts = 1, senders = 1, pushes = true } = {}): Promise<Workers> {
  const open = (process: ProcessType, count: number) =>
    Promise.all(Array.from({ length: count }, () => openRuntime(world.runtime.config, { process })));
  const runtimes = { fanout: await open('fanout', fanouts), sender: await open('sender', senders) };
  for (const fanout of runtimes.fanout) fanout.queues.workFanOut(fanOutWork(fanout));
  const stops = runtimes.sender.map((sender) => {
    const { deliver, stop } = openDelivering(sender);
    sender.queues.workSends(deliver);
    if (!pushes) return stop;
    const pushing = openPushing(sender);
    sender.queues.workPushes(pushing.push);
    return () => {
      stop();
      pushing.stop();
    };
  });
  const all: Runtime[] = [...runtimes.fanout, ...runtimes.sender];
  return {
    async close() {
      for (const stop of stops) stop();
      await Promise.all(all.map((runtime) => runtime.queues.drain()));
      await Promise.all(all.map((runtime) => runtime.close()));
    },
  };
}
export type Workers = { close(): Promise<void> };
