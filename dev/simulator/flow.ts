import type { TextLog } from './log.ts';
import type { MessageApi } from './message-api.ts';
import type { Reports } from './reports.ts';

export type Flow = ReturnType<typeof openFlow>;

/**
 * How far texts have come: what the engine says of itself on `/ops/metrics`, and what the carrier saw. Without the
 * operators' password, or while the engine does not answer, `engine` says why there is nothing.
 */
export function openFlow(options: {
  webhookBase: string;
  opsPassword: string;
  log: TextLog;
  messages: MessageApi;
  reports: Reports;
}) {
  const { log, messages, reports } = options;
  let reading: Promise<EngineFlow | { missing: string }> | undefined;
  let readAt = 0;

  /** However many pages ask, the engine is asked once a second. */
  function readEngine(): Promise<EngineFlow | { missing: string }> {
    if (reading === undefined || Date.now() - readAt > freshMs) {
      readAt = Date.now();
      reading = askEngine(options);
    }
    return reading;
  }

  return async () => {
    const engine = await readEngine();
    const { count, since } = reports.unreported();
    const refused = Object.entries(messages.answered).filter(([status]) => Number(status) >= 400);
    return {
      engine,
      carrier: {
        taken: log.count(),
        refused: refused.reduce((sum, [, times]) => sum + times, 0),
        reports: { ...reports.counts, open: count, oldestSeconds: since === undefined ? 0 : secondsSince(since) },
      },
    };
  };
}

const freshMs = 1_000;
const timeoutMs = 3_000;

type EngineFlow = ReturnType<typeof readMetrics>;

async function askEngine({ webhookBase, opsPassword }: { webhookBase: string; opsPassword: string }) {
  if (opsPassword === '') return { missing: 'the simulator was not given OPS_PASSWORD' };
  const authorization = `Basic ${Buffer.from(`ops:${opsPassword}`).toString('base64')}`;
  try {
    const answer = await fetch(`${webhookBase}/ops/metrics`, {
      headers: { authorization },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!answer.ok) return { missing: `the engine answered ${answer.status} to /ops/metrics` };
    return readMetrics(await answer.text());
  } catch {
    return { missing: 'the engine does not answer' };
  }
}

/** The few numbers of the engine's metrics that tell of the flow; null is a number that it does not have now. */
function readMetrics(text: string) {
  const samples = [...text.matchAll(/^(\w+)(?:\{([^}]*)\})? (\S+)$/gm)].map(([, name, labels = '', value]) => ({
    name,
    labels: labels.split(',').filter((label) => !label.startsWith('queue="')),
    value: Number(value),
  }));
  const sum = (name: string, label = '') => {
    const found = samples.filter((each) => each.name === name && (label === '' || each.labels.includes(label)));
    return found.length === 0 ? null : found.reduce((total, { value }) => total + value, 0);
  };
  const stage = (label: string) => ({
    pending: sum('texting_system_messages_pending', label),
    oldestSeconds: sum('texting_system_messages_pending_oldest_seconds', label),
  });
  const came = (...states: string[]) =>
    states.reduce((total, each) => total + (sum('texting_system_deliveries_total', `state="${each}"`) ?? 0), 0);
  return {
    accepted: sum('texting_system_messages_accepted_total'),
    notFannedOut: stage('stage="accepted"'),
    waiting: stage('stage="waiting"'),
    jobs: {
      waiting: sum('texting_system_queue_jobs', 'state="waiting"'),
      active: sum('texting_system_queue_jobs', 'state="active"'),
      delayed: sum('texting_system_queue_jobs', 'state="delayed"'),
    },
    delivered: came('delivered'),
    failed: came('failed', 'undelivered'),
    carrierPaused: sum('carrier_paused') === 1,
  };
}

function secondsSince(ms: number): number {
  return Math.max(0, Math.round((Date.now() - ms) / 1000));
}
