import type { Logger } from './logger.ts';

/**
 * A warning that each text or job of an outage could give: at most one with the same message a minute in a process, with
 * how many were left out since the last. For best effort that something else makes good.
 */
export function warnRarely(log: Logger, ids: object, message: string): void {
  const known = said.get(log) ?? new Map<string, Said>();
  said.set(log, known);
  const last = known.get(message);
  const now = performance.now();
  if (last !== undefined && now - last.at < EVERY_MS) {
    last.leftOut += 1;
    return;
  }
  known.set(message, { at: now, leftOut: 0 });
  log.warn(last === undefined || last.leftOut === 0 ? ids : { ...ids, leftOut: last.leftOut }, message);
}

const EVERY_MS = 60_000;
type Said = { at: number; leftOut: number };
const said = new WeakMap<Logger, Map<string, Said>>();
