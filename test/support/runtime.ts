import { openRegistry } from '../../engine/platform/registry.ts';
import type { Runtime } from '../../engine/platform/runtime.ts';

/** The same runtime with parts replaced. It opens its own of everything, so that those see the replaced parts. */
export function runtimeWith(runtime: Runtime, changes: Partial<Runtime>): Runtime {
  const registry = openRegistry<Runtime>(() => changed, { withinMs: 500, onError: throwLater });
  async function close(): Promise<void> {
    await registry.close();
    await runtime.close();
  }
  // With the first at the latest.
  runtime.use(() => ({ close: registry.close }));
  const changed: Runtime = { ...runtime, use: registry.use, close, ...changes };
  return changed;
}

function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
