/**
 * The same question, where those who ask while it is being asked share one answer, or its failure. Nothing is kept:
 * the next who asks after that asks anew. `keyOf` says which questions are the same; without it all are. A shared wait
 * is as long as `ask`, so that needs an end of its own.
 */
export function singleFlight<A extends unknown[], T>(
  ask: (...about: A) => Promise<T>,
  keyOf: (...about: A) => unknown = () => null,
): (...about: A) => Promise<T> {
  const inFlight = new Map<unknown, Promise<T>>();
  return (...about) => {
    const key = keyOf(...about);
    const shared = inFlight.get(key);
    if (shared !== undefined) return shared;
    const asked = ask(...about).finally(() => inFlight.delete(key));
    inFlight.set(key, asked);
    return asked;
  };
}
