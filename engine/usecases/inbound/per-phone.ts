import type { Runtime } from '../../platform/runtime.ts';

/**
 * Does `work` for one phone in waves: what comes while its earlier texts are being kept waits until these can be
 * counted, and then goes together. Without it a burst would pass the limits by as many as are under way. In this process:
 * a burst that comes through several may still pass by a few.
 */
export async function inWaves<T>(runtime: Runtime, phone: string, work: () => Promise<T>): Promise<T> {
  const shores = runtime.use(openShores);
  const shore = shores.get(phone);
  if (shore === undefined) shores.set(phone, { underWay: 1, waiting: [] });
  else await new Promise<void>((go) => shore.waiting.push(go));
  try {
    return await work();
  } finally {
    arrive(shores, phone);
  }
}

/** The texts of one phone: how many are being kept, and what lets those that wait go. */
type Shore = { underWay: number; waiting: (() => void)[] };

function arrive(shores: Map<string, Shore>, phone: string): void {
  const shore = shores.get(phone);
  if (shore === undefined || --shore.underWay > 0) return;
  const { waiting } = shore;
  if (waiting.length === 0) {
    shores.delete(phone);
    return;
  }
  shores.set(phone, { underWay: waiting.length, waiting: [] });
  for (const go of waiting) go();
}

function openShores(): Map<string, Shore> {
  return new Map();
}
