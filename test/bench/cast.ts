import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guard } from '../../dev/stack/guard.ts';
import { type Crew, gatherCrew, runLine } from '../../dev/start/crew.ts';
import { readProcfile } from '../../dev/start/procfile.ts';
import { openScreen } from '../../dev/start/screen.ts';

/** Settings over those that all have, and how many of a process type run, where it is not one. */
export type Cast = { settings?: Record<string, string>; copies?: Record<string, number> };
type Env = { [name: string]: string | undefined };

/** The carrier, and the engine's processes from the Procfile; these can be changed for others. */
export async function openCast(options: {
  root: string;
  env: Env;
  guard: Guard;
  flags: string[];
  first: Cast;
}): Promise<{
  pids(): Record<string, number>;
  change(cast: Cast): Promise<void>;
  stop(): Promise<void>;
}> {
  const { root, env, guard, flags, first } = options;
  const say = openScreen({ verbose: false, write: (text) => process.stderr.write(text) });
  const { release, processes } = readProcfile(path.join(root, 'Procfile'));
  const released = await runLine({ name: 'release', command: release ?? 'false' }, { root, env, guard, say });
  if (released !== 0) throw new Error('the release line of the Procfile failed');
  const profiled = (command: string) => command.replace(/^node /, `${['node', ...flags].join(' ')} `);

  const carrier = gatherCrew({ root, env: { ...env, ...first.settings }, guard, say });
  carrier.start({ name: 'carrier', command: profiled('node --import tsx dev/simulator/main.ts') });
  let engine: Crew | undefined;
  async function change({ settings = {}, copies = {} }: Cast): Promise<void> {
    await engine?.stop();
    const crew = gatherCrew({ root, env: { ...env, ...settings }, guard, say });
    engine = crew;
    for (const { name, command } of processes) {
      for (let copy = 1; copy <= (copies[name] ?? 1); copy++) {
        crew.start({ name: copy === 1 ? name : `${name}.${copy}`, command: profiled(command) });
      }
    }
    await Promise.race([crew.lost, carrier.lost, untilAnswered(`http://127.0.0.1:${env.PORT}/readyz`)]);
  }
  await change(first);
  return {
    pids: () => ({ ...carrier.pids(), ...engine?.pids() }),
    change,
    async stop() {
      await Promise.all([engine?.stop(), carrier.stop()]);
    },
  };
}

export async function untilAnswered(url: string): Promise<void> {
  const limit = Date.now() + 30_000;
  while (Date.now() < limit) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(50);
  }
  throw new Error(`${url} is not ready after half a minute`);
}
