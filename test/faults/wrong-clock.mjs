/** Loaded before a process of the system: after CLOCK_AFTER_MS its clock is wrong by CLOCK_BY_MS, its timers are not. */
const { CLOCK_BY_MS = '0', CLOCK_AFTER_MS = '0' } = process.env;
const RightDate = Date;
const jumpAt = RightDate.now() + Number(CLOCK_AFTER_MS);

function now() {
  const right = RightDate.now();
  return right < jumpAt ? right : right + Number(CLOCK_BY_MS);
}

globalThis.Date = class extends RightDate {
  constructor(...args) {
    if (args.length === 0) super(now());
    else super(...args);
  }
  static now() {
    return now();
  }
};
