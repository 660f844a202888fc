import { type CountedTexts, countStops, countTexts } from '../../db/deliveries/number-stats.ts';
import { firstIdSince } from '../../db/first-since.ts';
import { listNumbers } from '../../db/groups/number-settings.ts';
import { nextStep } from '../../engine/delivery/step-size.ts';
import { type Call, type Command, Misuse } from './command.ts';
import { tableOf } from './table.ts';
import { PERIOD, periodOf } from './times.ts';

export const numberStats: Command = {
  words: ['number', 'stats'],
  takes: [],
  options: { '--by <what>': 'number, network or campaign; number where it is not said', ...PERIOD },
  does: 'counts the texts of a time by number, network (as carriers report it) or campaign: what the carrier took, delivered, failed with each code, the share of code 30 (spam), people who said STOP and their share, last use. At most the newest million texts, and it says so',
  examples: ['number stats --from 7d', 'number stats --by network --from 30d', 'number stats --by campaign --json'],
  async run(call) {
    const by = byOf(call.options.by);
    const { from, until } = periodOf(call);
    const { counted, since } = await countNewest(call, { from, until });
    const named = await namesOf(call, by);
    const lines = new Map<string, Line>();
    for (const one of counted) add(lineOf(lines, named(one)), one);
    if (by !== 'network')
      for (const [numberId, people] of await countStops(call.db, { from, until, limit: MOST_STOPS }))
        lineOf(lines, named({ numberId, network: '' })).stops += people;
    const stats = [...lines.values()].sort((a, b) => b.went - a.went || a.name.localeCompare(b.name)).map(withShares);
    const cells = stats.map((one) => [
      ...[one.name, one.lastUsed?.toISOString() ?? '', codesOf(one.failed)],
      ...[one.went, one.delivered].map(String),
      ...[one.spamShare, by === 'network' ? null : one.stopShare].map(percentOf),
    ]);
    const head = [by, 'last used', 'failed (code × texts)', 'taken', 'delivered', 'code 30', 'STOP'];
    const texts = counted.reduce((sum, one) => sum + one.texts, 0);
    const isWhole = since === null;
    const note = isWhole
      ? `${texts} texts.`
      : `The newest ${texts} texts, from message ${since} on: say a shorter time.`;
    return {
      text: `${tableOf(head, cells, { numbers: 4 })}\n${note}`,
      json: { by, from, until, texts, isWhole, stats },
    };
  },
};

const MOST_TEXTS = 1_000_000;
const MOST_STOPS = 10_000;

type By = 'number' | 'network' | 'campaign';
type Line = {
  name: string;
  went: number;
  delivered: number;
  /** By the carrier’s code; '' where there is none. */
  failed: Record<string, number>;
  stops: number;
  lastUsed: Date | null;
};

function byOf(written = 'number'): By {
  const by = (['number', 'network', 'campaign'] as const).find((one) => one === written);
  if (by === undefined) throw new Misuse(`"${written}" is none of number, network, campaign.`);
  return by;
}

/** From the newest message back, some at a time. `since`: from which message on it counted, where that is not all. */
async function countNewest(
  { db }: Pick<Call, 'db'>,
  { from, until }: { from: Date; until: Date },
): Promise<{ counted: CountedTexts[]; since: number | null }> {
  const first = await firstIdSince(db, 'messages', from);
  const counted: CountedTexts[] = [];
  let end = await firstIdSince(db, 'messages', until);
  let texts = 0;
  for (let atOnce = 50; end > first; ) {
    if (texts >= MOST_TEXTS) return { counted, since: end };
    const startedAt = performance.now();
    const some = await countTexts(db, { first: Math.max(first, end - atOnce), end });
    end = Math.max(first, end - atOnce);
    atOnce = nextStep(atOnce, performance.now() - startedAt);
    texts += some.reduce((sum, one) => sum + one.texts, 0);
    counted.push(...some);
  }
  return { counted, since: null };
}

async function namesOf(
  { db }: Pick<Call, 'db'>,
  by: By,
): Promise<(of: Pick<CountedTexts, 'numberId' | 'network'>) => string> {
  if (by === 'network') return ({ network }) => network || '(not said)';
  const numbers = new Map((await listNumbers(db)).map((number) => [number.id, number]));
  return ({ numberId }) => {
    const number = numbers.get(numberId);
    return (by === 'number' ? number?.phone : number?.campaign) ?? (number === undefined ? '(given back)' : '(none)');
  };
}

function lineOf(lines: Map<string, Line>, name: string): Line {
  const line = lines.get(name) ?? { name, went: 0, delivered: 0, failed: {}, stops: 0, lastUsed: null };
  lines.set(name, line);
  return line;
}

function add(line: Line, { state, errorCode, texts, went, lastAt }: CountedTexts): void {
  line.went += went;
  if (state === 'delivered') line.delivered += texts;
  if (state === 'failed' || state === 'undelivered') {
    const code = String(errorCode ?? '');
    line.failed[code] = (line.failed[code] ?? 0) + texts;
  }
  if (lastAt !== null && (line.lastUsed === null || lastAt > line.lastUsed)) line.lastUsed = lastAt;
}

/** Of the texts that the carrier took; null where it took none. */
function withShares(line: Line): Line & { spamShare: number | null; stopShare: number | null } {
  const share = (count: number) => (line.went === 0 ? null : count / line.went);
  return { ...line, spamShare: share(line.failed['30'] ?? 0), stopShare: share(line.stops) };
}

function codesOf(failed: Line['failed']): string {
  const all = Object.entries(failed).sort(([, a], [, b]) => b - a);
  return all.map(([code, texts]) => `${code || 'no code'} × ${texts}`).join(', ');
}

function percentOf(share: number | null): string {
  return share === null ? '' : `${(share * 100).toFixed(1)} %`;
}
