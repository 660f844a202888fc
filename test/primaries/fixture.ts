import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSimulator } from '../../dev/simulator/simulator.ts';
import type { Simulator } from '../../dev/simulator/types.ts';
import { openGuard } from '../../dev/stack/guard.ts';
import { freePort } from '../../dev/stack/port.ts';
import { makeServer, type Server } from '../../dev/stack/server.ts';
import { openClosers } from '../../dev/system/closers.ts';
import { untilAnswered } from '../../dev/system/ready.ts';
import { keepSecrets } from '../../dev/system/settings.ts';
import { copyProgram, openLogs } from '../faults/program.ts';
import { settingsFor } from '../faults/settings.ts';
import { openCell, type RunningCell } from './cells.ts';
import type { Doors } from './texting.ts';

/** Two primaries with their processes, the router before them, and the carrier, which is this process. */
export type Fixture = Doors & {
  first: RunningCell;
  second: RunningCell;
  cells: readonly RunningCell[];
  serviceNumber: string;
  router: Server;
  /** 5xx answered since then, of each primary. */
  refusedSince(ms: number): Record<string, number>;
  folder: string;
  close(): Promise<void>;
};

/** A minute of the carrier lasts 3 s here: its tries of a text come 3, 9 and 21 s after the first. */
const TIME_SCALE = 0.05;
const OFFSETS = [1, 2];

export async function openFixture({
  root,
  plugins,
  carrierMs,
  keep,
  onProgress,
}: {
  root: string;
  plugins: string;
  /** How long the carrier takes to answer, and to report. */
  carrierMs: number;
  /** Keeps the logs, where it cannot be opened too. */
  keep: boolean;
  onProgress: (step: string) => void;
}): Promise<Fixture> {
  const closers = openClosers();
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-primaries-'));
    closers.add(() => !keep && rmSync(folder, { recursive: true, force: true }));
    const guard = openGuard();
    closers.add(() => guard.dismiss());
    const home = copyProgram(root, path.join(folder, 'program'));
    const logs = openLogs(path.join(folder, 'logs'));
    closers.add(() => logs.close());
    const secrets = keepSecrets(folder);
    const port = await freePort();
    const api = `http://127.0.0.1:${port}`;
    const simulator: Simulator = await startSimulator({
      authId: secrets.PLIVO_AUTH_ID,
      authToken: secrets.PLIVO_AUTH_TOKEN,
      webhookBase: api,
      keep: Number.POSITIVE_INFINITY,
      timeScale: TIME_SCALE,
      latencyMs: carrierMs,
      reportDelayMs: carrierMs,
      // What stops a text is to be us.
      optOuts: false,
    });
    closers.add(() => simulator.stop());
    const { NUMBER_POOL: _, ...settings } = settingsFor({ paced: false, groups: 1 });
    const env = { ...settings, TRIAL_BALANCE: '1000000', PUBLIC_URL: api };
    const options = {
      ...{ root: home, folder, guard, closers, plugins, env, onProgress },
      simulatorPort: simulator.port,
      say: logs.say,
    };
    const first = await openCell({ name: 'A', offset: 1, offsets: OFFSETS }, options);
    const second = await openCell({ name: 'B', offset: 2, offsets: OFFSETS, first }, options);
    const cells = [first, second];
    onProgress('Starting the router and the processes');
    const known = cells.map(({ name, offset, numbers, port: at }) => ({ name, offset, numbers, port: at }));
    const log = path.join(folder, 'logs', 'router.log');
    const file = path.join(import.meta.dirname, 'router.ts');
    const router = makeServer(
      {
        ...{ name: 'the router', command: process.execPath, folder, log },
        args: ['--import', import.meta.resolve('tsx'), file, String(port), JSON.stringify(known)],
        ping: async () => void (await fetch(`${api}/healthz`)),
      },
      guard,
      () => {},
    );
    await router.start();
    closers.add(() => router.kill());
    for (const cell of cells) await cell.up();
    await untilAnswered(`${api}/readyz`);
    const refusedSince = (ms: number) => {
      const names = readFileSync(log, 'utf8')
        .split('\n')
        .flatMap((line) => (Number.parseInt(line, 10) >= ms ? [line.split(' ')[1] ?? ''] : []));
      return Object.fromEntries(cells.map(({ name }) => [name, names.filter((one) => one === name).length]));
    };
    const serviceNumber = '+12025550100';
    return { simulator, api, first, second, cells, serviceNumber, router, refusedSince, folder, close: closers.close };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
