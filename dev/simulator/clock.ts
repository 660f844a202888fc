export type Clock = ReturnType<typeof startClock>;

/** Waits that end together: whatever still waits when the simulator stops is told so and nothing keeps the process up. */
export function startClock() {
  const waiting = new Map<NodeJS.Timeout, (passed: boolean) => void>();
  let stopped = false;
  return {
    /** Resolves to true after `ms` milliseconds, to false when the clock was stopped before. */
    wait(ms: number): Promise<boolean> {
      if (stopped) return Promise.resolve(false);
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(timer);
          resolve(true);
        }, ms);
        waiting.set(timer, resolve);
      });
    },
    stop(): void {
      stopped = true;
      for (const [timer, resolve] of waiting) {
        clearTimeout(timer);
        resolve(false);
      }
      waiting.clear();
    },
  };
}
