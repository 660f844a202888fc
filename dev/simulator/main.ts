import closeWithGrace from 'close-with-grace';
import { type Reporting, reportings } from './reports.ts';
import { startSimulator } from './simulator.ts';
import type { SimulatorOptions } from './types.ts';

/** The simulator as a program, set up by its environment. It never stands in for a carrier in production. */
const { env } = process;
if (env.NODE_ENV === 'production') stopWith('the carrier simulator is not for production (NODE_ENV)');
const missing = ['PLIVO_AUTH_ID', 'PLIVO_AUTH_TOKEN', 'WEBHOOK_BASE'].filter((name) => !env[name]);
if (missing.length > 0) stopWith(`missing settings: ${missing.join(', ')}`);

const simulator = await startSimulator({
  authId: env.PLIVO_AUTH_ID ?? '',
  authToken: env.PLIVO_AUTH_TOKEN ?? '',
  webhookBase: env.WEBHOOK_BASE ?? '',
  ...readOptions(),
}).catch((error: Error) => stopWith(error.message));
console.log(`simulator listening on ${simulator.url}`);
process.send?.({ url: simulator.url, port: simulator.port });
closeWithGrace({ delay: 5_000 }, () => simulator.stop());

function readOptions(): Partial<SimulatorOptions> {
  const table: Record<string, (raw: string) => Partial<SimulatorOptions>> = {
    SIMULATOR_PORT: (raw) => ({ port: numberIn('SIMULATOR_PORT', raw) }),
    SIMULATOR_HOST: (raw) => ({ host: raw }),
    SIMULATOR_STATE: (raw) => ({ stateFile: raw }),
    SIMULATOR_LOG_FILE: (raw) => ({ logFile: raw }),
    SIMULATOR_KEEP: (raw) => ({ keep: numberIn('SIMULATOR_KEEP', raw) }),
    SIMULATOR_TIME_SCALE: (raw) => ({ timeScale: numberIn('SIMULATOR_TIME_SCALE', raw) }),
    SIMULATOR_LATENCY_MS: (raw) => ({ latencyMs: numberIn('SIMULATOR_LATENCY_MS', raw) }),
    SIMULATOR_REPORT_DELAY_MS: (raw) => ({ reportDelayMs: numberIn('SIMULATOR_REPORT_DELAY_MS', raw) }),
    SIMULATOR_REPORTING: (raw) => ({ reporting: reportingIn(raw) }),
    SIMULATOR_OPT_OUTS: (raw) => ({ optOuts: raw !== '0' }),
    SIMULATOR_CREDIT: (raw) => ({ credit: numberIn('SIMULATOR_CREDIT', raw) }),
    SIMULATOR_REQUESTS_PER_5S: (raw) => ({ requestsPer5s: numberIn('SIMULATOR_REQUESTS_PER_5S', raw) }),
    SIMULATOR_CAMPAIGN: (raw) => ({ campaign: raw === 'none' ? null : raw }),
    SIMULATOR_SEED: (raw) => ({ seed: numberIn('SIMULATOR_SEED', raw) }),
    OPS_PASSWORD: (raw) => ({ opsPassword: raw }),
    SERVICE_NUMBER: (raw) => ({ serviceNumber: raw }),
  };
  return Object.assign({}, ...Object.entries(table).map(([name, read]) => (env[name] ? read(env[name]) : {})));
}

function numberIn(name: string, raw: string): number {
  const value = Number(raw);
  return value >= 0 ? value : stopWith(`${name} must be a number, not ${raw}`);
}

function reportingIn(raw: string): Reporting {
  const found = reportings.find((each) => each === raw);
  return found ?? stopWith(`SIMULATOR_REPORTING must be one of ${reportings.join(', ')}, not ${raw}`);
}

function stopWith(message: string): never {
  console.error(message);
  process.exit(1);
}
