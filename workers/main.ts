import closeWithGrace from 'close-with-grace';
import { oldestUnclaimed, oldestUnwritten } from '../db/deliveries/sendable.ts';
import { openDelivering } from '../engine/delivery/deliver.ts';
import { openPushing } from '../engine/delivery/push.ts';
import { BadConfig, readConfig } from '../engine/platform/config.ts';
import { refuseEviction } from '../engine/platform/eviction.ts';
import { openHeartbeat } from '../engine/platform/heartbeat.ts';
import { serveMetrics } from '../engine/platform/metrics-port.ts';
import { nearMissesIn } from '../engine/platform/near-misses.ts';
import { RestoredDatabase } from '../engine/platform/restored-database.ts';
import { openRuntime, type ProcessType, type Runtime } from '../engine/platform/runtime.ts';
import { waitForSchema } from '../engine/platform/schema-wait.ts';
import { openSharedClock } from '../engine/platform/shared-clock.ts';
import { withTimeLimit } from '../engine/platform/time-limit.ts';
import { endProcess, openWatchdog } from '../engine/platform/watchdog.ts';
import { watchHealth } from '../engine/usecases/doctor/watch.ts';
import { workHook } from '../engine/usecases/hooks/work.ts';
import { runClock } from './clock.ts';
import { fanOutWork } from './fanout.ts';

/** Starts one process type: `fanout`, `sender` or `clock`. */
async function main(kind: string | undefined): Promise<void> {
  const start = kind === undefined ? undefined : starters[kind as keyof typeof starters];
  if (start === undefined) {
    console.error('usage: node dist/workers/main.js fanout | sender | clock');
    process.exitCode = 1;
    return;
  }
  try {
    const runtime = await openRuntime(readConfig(process.env), { process: kind as ProcessType });
    await runtime.use(openSharedClock).ready;
    await refuseEviction(runtime);
    for (const miss of nearMissesIn(process.env)) runtime.log.warn(miss);
    const stopping = new AbortController();
    let stop = async () => {};
    const onSecondError = (err: unknown) => runtime.log.fatal({ err }, 'the process failed while it stopped');
    closeWithGrace({ delay: STOP_WITHIN_MS, logger: false, onSecondError }, async ({ err }) => {
      if (err) runtime.log.fatal({ err }, 'stops because of an error');
      stopping.abort();
      await withTimeLimit(DRAIN_MS, stop(), () => undefined);
      await runtime.close();
      runtime.log.info('stopped');
    });
    await waitForSchema(runtime, stopping);
    if (stopping.signal.aborted) return;
    const pulse = runtime.use(openHeartbeat);
    await pulse.ready;
    await pulse.looked;
    if (stopping.signal.aborted) return;
    const metrics = await serveMetrics(runtime, kind as ProcessType);
    const stopWork = start(runtime);
    stop = () => {
      metrics?.close();
      return stopWork();
    };
    runtime.log.info('started');
  } catch (error) {
    console.error(error instanceof BadConfig || error instanceof RestoredDatabase ? error.message : error);
    process.exit(1);
  }
}

/** From the contract: a process ends within 10 s of SIGTERM. */
const STOP_WITHIN_MS = 9_500;
/** For the work that runs; what is not done by then waits for a report, as after a crash. */
const DRAIN_MS = 7_800;

const starters: Record<'fanout' | 'sender' | 'clock', (runtime: Runtime) => () => Promise<void>> = {
  fanout(runtime) {
    const { watched, stop } = openWatchdog(runtime, {
      jobs: { takes: (queue) => queue === 'fanout', behind: oldestUnwritten },
      onStuck: endProcess,
    });
    const { messages, dispatch, retry } = fanOutWork(runtime);
    runtime.queues.workFanOut({ messages: watched(messages), dispatch: watched(dispatch), retry: watched(retry) });
    runtime.queues.workHooks((hookId) => workHook(runtime, hookId));
    return () => {
      stop();
      return runtime.queues.drain();
    };
  },
  sender(runtime) {
    const { deliver, stop } = openDelivering(runtime);
    const pushing = openPushing(runtime);
    const watchdog = openWatchdog(runtime, {
      jobs: { takes: (queue) => queue !== 'fanout', behind: oldestUnclaimed },
      onStuck: endProcess,
    });
    runtime.queues.workSends(watchdog.watched(deliver));
    runtime.queues.workPushes(watchdog.watched(pushing.push));
    return async () => {
      watchdog.stop();
      stop();
      pushing.stop();
      await runtime.queues.drain();
    };
  },
  clock(runtime) {
    const watchdog = openWatchdog(runtime, { onStuck: endProcess });
    const stop = runClock(runtime);
    const stopDoctor = watchHealth(runtime, process.env);
    return () => {
      watchdog.stop();
      stopDoctor();
      return stop();
    };
  },
};

await main(process.argv[2]);
