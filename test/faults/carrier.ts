import path from 'node:path';
import { type PushSimulator, startPushSimulator } from '../../dev/push-simulator/simulator.ts';
import { startSimulator } from '../../dev/simulator/simulator.ts';
import type { Simulator } from '../../dev/simulator/types.ts';
import type { Closers } from '../../dev/system/closers.ts';
import type { Secrets } from '../../dev/system/settings.ts';

/** A minute of the carrier lasts 3 s here, and what waits for it is as short. */
const TIME_SCALE = 0.05;
/** As a carrier needs it; so there is always something in mid-send. */
const CARRIER_MS = 100;

export type CarrierOptions = {
  secrets: Secrets;
  /** Where it listens; without it on loopback. */
  host: string | undefined;
  /** What it calls, and signs. */
  publicUrl: string;
  folder: string;
  seed: number;
  closers: Closers;
};

/** The carrier and the push services, in this process. */
export async function openCarrier(options: CarrierOptions): Promise<{ simulator: Simulator; pushes: PushSimulator }> {
  const { secrets, publicUrl, folder, seed, closers } = options;
  const place = options.host === undefined ? {} : { host: options.host };
  const pushes = await startPushSimulator({ ...place, delayMs: CARRIER_MS });
  closers.add(() => pushes.stop());
  const simulator = await startSimulator({
    ...place,
    authId: secrets.PLIVO_AUTH_ID,
    authToken: secrets.PLIVO_AUTH_TOKEN,
    webhookBase: publicUrl,
    keep: Number.POSITIVE_INFINITY,
    logFile: path.join(folder, 'carrier.log'),
    timeScale: TIME_SCALE,
    latencyMs: CARRIER_MS,
    reportDelayMs: CARRIER_MS,
    seed,
  });
  closers.add(() => simulator.stop());
  return { simulator, pushes };
}
