const EVERY_MS = 250;

/**
 * Calls `gone` once when the process that started this one has ended: npm passes a signal on to its shell, and the shell
 * ends without a word to us. Plain Node: `setup.mjs` uses it before anything is installed.
 */
export function whenStarterEnds(gone) {
  const starter = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === starter) return;
    clearInterval(timer);
    gone();
  }, EVERY_MS);
  timer.unref();
}
