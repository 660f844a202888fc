/**
 * Hears when somebody wants this process to stop: Ctrl-C, a signal, or the end of the process that started it.
 * One wish often comes twice, from the terminal and through npm; `again` is a second one, made by a person
 * who is tired of waiting.
 */
export function onStopRequest(stop: () => void, again: () => void): void {
  let first: number | undefined;
  const hear = () => {
    const now = Date.now();
    if (first === undefined) {
      first = now;
      stop();
    } else if (now - first > 1000) {
      again();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
  // With its starter the terminal may be gone as well: writing to it is no reason to crash.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  process.on('disconnect', hear);
  process.channel?.unref();
}
