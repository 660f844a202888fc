/** Work that is done again and again while somebody needs it; each piece waits for its own last time and for no other. */
export type Ticks = { start(): void; stop(): void };

type Work = { everyMs: number; work(): Promise<void> };

/** `everyMs` is counted from the end of the last time, and from a busy server work is kept away for thrice as long as it took. */
export function openTicks({
  everyMs,
  works,
  onError,
}: {
  everyMs: number;
  works: readonly Work[];
  onError: (error: unknown) => void;
}): Ticks {
  const due = new Map(works.map((one) => [one, 0]));
  let timer: NodeJS.Timeout | null = null;
  async function run(one: Work): Promise<void> {
    due.set(one, Number.POSITIVE_INFINITY);
    const start = performance.now();
    await one.work().catch(onError);
    const end = performance.now();
    due.set(one, end + Math.max(one.everyMs, REST * (end - start)));
  }
  return {
    start() {
      timer ??= setInterval(() => {
        for (const one of works) if (performance.now() >= (due.get(one) ?? 0)) void run(one);
      }, everyMs).unref();
    },
    stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
    },
  };
}

const REST = 3;
