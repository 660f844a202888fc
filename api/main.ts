import closeWithGrace from 'close-with-grace';
import { BadConfig, readConfig } from '../engine/platform/config.ts';
import { openHeartbeat } from '../engine/platform/heartbeat.ts';
import { serveMetrics } from '../engine/platform/metrics-port.ts';
import { nearMissesIn } from '../engine/platform/near-misses.ts';
import { RestoredDatabase } from '../engine/platform/restored-database.ts';
import { openRuntime } from '../engine/platform/runtime.ts';
import { openSharedClock } from '../engine/platform/shared-clock.ts';
import { endProcess, openWatchdog } from '../engine/platform/watchdog.ts';
import { createApp } from './app.ts';
import { listen } from './listen.ts';
import { describe } from './middleware/errors.ts';

/** The process `web`: the API and the carrier's webhooks, until SIGTERM. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const runtime = await openRuntime(config, { process: 'web' });
  const { log } = runtime;
  await runtime.use(openSharedClock).ready;
  await runtime.use(openHeartbeat).ready.catch(async (error: unknown) => {
    await runtime.close();
    throw error;
  });
  const at = { port: config.PORT, host: config.HOST, keepAliveSeconds: config.KEEP_ALIVE_SECONDS };
  const server = await listen(createApp(runtime), at).catch((error: unknown) => {
    log.fatal({ fault: describe(error) }, 'the API cannot listen');
    return null;
  });
  if (server === null) {
    process.exitCode = 1;
    return runtime.close();
  }
  const metrics = await serveMetrics(runtime, 'web');
  const watchdog = openWatchdog(runtime, { onStuck: endProcess });
  for (const miss of nearMissesIn(process.env)) log.warn(miss);
  log.info({ port: server.port }, 'the API listens');
  const onSecondError = (err: unknown) => log.fatal({ fault: describe(err) }, 'the process failed while it stopped');
  closeWithGrace({ delay: STOP_WITHIN_MS, logger: false, onSecondError }, async ({ signal, err }) => {
    if (err !== undefined) log.fatal({ fault: describe(err) }, 'the process failed');
    watchdog.stop();
    metrics?.close();
    await server.stop();
    await runtime.close();
    log.info({ signal }, 'the API has stopped');
  });
}

/** From the contract: 10 s, less the time that the last lines of the log take. */
const STOP_WITHIN_MS = 9_500;

await main().catch((error: unknown) => {
  if (!(error instanceof BadConfig || error instanceof RestoredDatabase)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
