/**
 * Shows what is under way once it takes longer than a second: one line that counts on a terminal,
 * plain lines elsewhere. Nothing at all is written for a step that is over sooner.
 * Plain Node: `setup.mjs` uses it before anything is installed.
 */
export function showSteps(stream = process.stderr) {
  const terminal = Boolean(stream.isTTY);
  let step;

  return {
    /** Starts a step; the one before it is over. */
    begin(text) {
      close('took');
      step = { text, started: Date.now(), seconds: 0 };
      step.timer = setInterval(tick, 1000, step);
      step.timer.unref();
    },
    /** The step is over; says how long it took if it was shown. */
    end: () => close('took'),
    /** The step failed; the caller says why. */
    fail: () => close('failed after'),
    /** The step is over; the caller reports on it. */
    drop: () => close(),
    /** Makes room for another line; the step is shown again with its next second. */
    clear() {
      if (terminal && step?.seconds > 0) stream.write('\r\x1b[2K');
    },
  };

  function tick(shown) {
    shown.seconds += 1;
    if (terminal) stream.write(`\r\x1b[2K${shown.text} … ${shown.seconds} s`);
    else if (shown.seconds === 1) stream.write(`${shown.text} …\n`);
    else if (shown.seconds % 10 === 0) stream.write(`${shown.text} … ${shown.seconds} s\n`);
  }

  function close(how) {
    if (step === undefined) return;
    clearInterval(step.timer);
    if (terminal && step.seconds > 0) stream.write('\r\x1b[2K');
    const seconds = ((Date.now() - step.started) / 1000).toFixed(1);
    if (step.seconds > 0 && how !== undefined) stream.write(`${step.text}: ${how} ${seconds} s\n`);
    step = undefined;
  }
}
