import { type Failure, findLastFailures } from '../../db/deliveries/last-failures.ts';
import { countPending, findOldestPending, UNWRITTEN, WAITING } from '../../db/deliveries/pending-messages.ts';
import type { QueueLine } from '../../engine/platform/queue-sheet.ts';
import type { Runtime } from '../../engine/platform/runtime.ts';
import { tryName } from '../../engine/rules/try-name.ts';
import { facts, type Html, html, table, time } from '../html.ts';

/** What waits, where and for how long: in MySQL for its turn, in Redis as jobs; and what failed last. */
export type Queues = {
  /** Messages that are not fanned out yet, and that wait for slots; counted up to a bound. */
  waiting: { stage: 'accepted' | 'slots'; messages: number; oldest: Date | null }[];
  /** Null while Redis is unavailable. */
  queues: QueueLine[] | null;
  failures: Failure[];
};

export async function readQueues({ db, queues }: Runtime): Promise<Queues> {
  const stage = async (name: 'accepted' | 'slots', pending: number) => {
    const messages = await countPending(db, { pending, limit: COUNTED });
    return { stage: name, messages, oldest: (await findOldestPending(db, pending)) ?? null };
  };
  const [accepted, slots, lines, failures] = await Promise.all([
    stage('accepted', UNWRITTEN),
    stage('slots', WAITING),
    queues.sheet().catch(() => null),
    findLastFailures(db, FAILURES),
  ]);
  return { waiting: [accepted, slots], queues: lines, failures };
}

const COUNTED = 10_000;
const FAILURES = 100;

export function drawQueues({ waiting, queues, failures }: Queues, now: Date): Html {
  return html`<h2>In MySQL</h2>
${facts(waiting.map(({ stage, messages, oldest }) => [titles[stage], countOf(messages, oldest === null ? null : now.getTime() - oldest.getTime())]))}
<h2>In Redis</h2>
${queues === null ? html`<p class="note" role="alert">Redis is unavailable. What waits is in MySQL, and goes out when it is back.</p>` : drawJobs(queues)}
<h2>What failed last</h2>
${table('What failed last', {
  head: ['At (UTC)', 'Message', 'Text', 'From', 'State', 'Code', 'Why'],
  rows: failures.map((one) => [
    ...[time(one.endedAt), html`<a href="/ops/message?id=${one.messageId}">${one.messageId}</a>`, tryName(one)],
    ...[one.number, one.state, one.errorCode, one.reason],
  ]),
  empty: 'Nothing of the newest 5,000 texts has failed.',
})}`;
}

const titles = { accepted: 'Messages to fan out', slots: 'Messages whose texts wait for slots' };

function countOf(count: number, ageMs: number | null): string {
  const known = count >= COUNTED ? `${COUNTED} or more` : String(count);
  return ageMs === null ? known : `${known}, the oldest for ${ageOf(ageMs)}`;
}

/** A line a queue: jobs are gone within milliseconds, so what stands here is what waits for its moment, or stands still. */
function drawJobs(lines: readonly QueueLine[]): Html {
  const names = [...new Set(lines.map(({ queue }) => queue))];
  const cell = (queue: string, state: QueueLine['state']) => {
    const line = lines.find((one) => one.queue === queue && one.state === state);
    return line === undefined ? '' : countOf(line.jobs, line.oldestMs);
  };
  const isLeft = (queue: string) => lines.some((line) => line.queue === queue && line.left);
  return table('Jobs in Redis', {
    head: ['Queue', 'Waiting', 'Being done', 'For a later moment'],
    rows: names.map((queue) => [
      isLeft(queue) ? `${queue} (nobody takes it: QUEUE_SHARDS was more)` : queue,
      ...[cell(queue, 'waiting'), cell(queue, 'active'), cell(queue, 'delayed')],
    ]),
  });
}

function ageOf(ms: number): string {
  return ms < 120_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}
