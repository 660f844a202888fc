import { type Call, Misuse } from './command.ts';

/** The options of a command that looks at a time. */
export const PERIOD = {
  '--from <time>':
    'UTC, such as 2026-01-31 or 2026-01-31T14:00, or how long ago: 90m, 6h, 30d; a day ago where it is not said',
  '--until <time>': 'likewise; now where it is not said',
};

/** A half-open range. Throws `Misuse` for what is no time, and where it ends before it begins. */
export function periodOf({ options, now }: Pick<Call, 'options' | 'now'>): { from: Date; until: Date } {
  const until = options.until === undefined ? now : readTime(options.until, now);
  const from = readTime(options.from ?? '1d', now);
  if (from >= until) throw new Misuse('The time ends before it begins.');
  return { from, until };
}

/** Throws `Misuse` for what is no time. */
export function readTime(written: string, now: Date): Date {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(written) ?? [];
  if (count !== undefined && unit !== undefined) return new Date(now.getTime() - Number(count) * (unitMs[unit] ?? 0));
  const isDay = /^\d{4}-\d\d-\d\d$/.test(written);
  const at = isDay || /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z?$/.test(written) ? asUtc(written) : Number.NaN;
  if (Number.isNaN(at)) throw new Misuse(`"${written}" is no time such as 2026-01-31, 2026-01-31T14:00 or 6h.`);
  return new Date(at);
}

function asUtc(written: string): number {
  return Date.parse(written.includes('T') && !written.endsWith('Z') ? `${written}Z` : written);
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
