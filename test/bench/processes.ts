import type { Processes } from '../../dev/system/processes.ts';
import { untilAnswered } from '../../dev/system/ready.ts';
import { type System, startCopies } from '../../dev/system/system.ts';

/** Settings over those that all have, and how many of a process type run, where it is not one. */
export type Variant = { settings?: Record<string, string>; copies?: Record<string, number> };

/** The carrier, and the engine's processes from the Procfile; these can be changed for others. */
export async function runVariants(
  system: System,
  { flags, first }: { flags: string[]; first: Variant },
): Promise<{
  pids(): Record<string, number>;
  change(variant: Variant): Promise<void>;
  stop(): Promise<void>;
}> {
  const profiled = (command: string) => command.replace(/^node /, `${['node', ...flags].join(' ')} `);
  const carrier = system.openProcesses({ more: first.settings ?? {} });
  carrier.start({ name: 'carrier', command: profiled('node --import tsx dev/simulator/main.ts') });
  let engine: Processes | undefined;
  async function change({ settings = {}, copies = {} }: Variant): Promise<void> {
    await engine?.stop();
    const processes = system.openProcesses({ more: settings });
    engine = processes;
    for (const { name, command } of system.types)
      startCopies(processes, { name, command: profiled(command) }, copies[name]);
    const ready = untilAnswered(`http://127.0.0.1:${system.ports.PORT}/readyz`);
    await Promise.race([processes.lost, carrier.lost, ready]);
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
