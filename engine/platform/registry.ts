import { withTimeLimit } from './time-limit.ts';

/**
 * What a process opens on first use: batchers, caches, clients of other services. Each is named by the function that
 * opens it, so the platform does not know the rooms that use it.
 */
export type Registry<Owner> = {
  /**
   * Returns what `open` made for this owner: the first call opens it, later calls get the same. A failed opening is not
   * kept, so the next call tries again. Throws after `close`, unless it is open already.
   */
  use<T>(open: (owner: Owner) => T): T;
  /**
   * Calls the `close` of everything that has one, latest opened first, each when the one before is closed. Never
   * throws. After `withinMs` in all it still calls the others and waits for none.
   */
  close(): Promise<void>;
};

export function openRegistry<Owner>(owner: () => Owner, { withinMs, onError }: Options): Registry<Owner> {
  const opened = new Map<unknown, unknown>();
  let closed = false;

  function use<T>(open: (owner: Owner) => T): T {
    // The one cast: the value under a function is what that function returned.
    if (opened.has(open)) return opened.get(open) as T;
    if (closed) throw new Error(`${open.name || 'something'} was opened after the close`);
    const value = open(owner());
    opened.set(open, value);
    if (value instanceof Promise) value.catch(() => opened.delete(open));
    return value;
  }

  async function close(): Promise<void> {
    closed = true;
    const deadline = performance.now() + withinMs;
    for (const value of [...opened.values()].reverse()) {
      await withTimeLimit(deadline - performance.now(), closeOne(value).catch(onError), () => undefined);
    }
  }

  return { use, close };
}

type Options = { withinMs: number; onError: (error: unknown) => void };

async function closeOne(value: unknown): Promise<void> {
  const one: unknown = await value;
  if (isClosable(one)) await one.close();
}

function isClosable(value: unknown): value is { close(): unknown } {
  return typeof value === 'object' && value !== null && 'close' in value && typeof value.close === 'function';
}
