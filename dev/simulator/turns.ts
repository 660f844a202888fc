/** Gives a function that runs work first come, first served, at most `atOnce` at once. */
export function openTurns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  let waiting: (() => void)[] = [];
  let head = 0;
  let running = 0;

  function passOn(): void {
    const next = waiting[head];
    if (!next) {
      running -= 1;
      return;
    }
    head += 1;
    if (head > 1024 && head * 2 > waiting.length) {
      waiting = waiting.slice(head);
      head = 0;
    }
    next();
  }

  return async (work) => {
    if (running < atOnce) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      passOn();
    }
  };
}
