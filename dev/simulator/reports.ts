import type { Clock } from './clock.ts';
import type { Text } from './log.ts';
import { openTurns } from './turns.ts';
import { countUnits } from './units.ts';
import { isTaken, type Webhooks } from './webhook.ts';

/** One report of a text. `together`: not after the one before but at the same moment; `early`: before the answer. */
export type Step = {
  status: 'sent' | 'delivered' | 'failed' | 'undelivered';
  sequence: number;
  errorCode: string;
  waitMs: number;
  together?: boolean;
  early?: boolean;
};
export type Reported = { text: Text; status: Step['status']; errorCode: string; answered: number };
/** Which reports of a text go out. */
export type Reporting = (typeof reportings)[number];
export const reportings = ['all', 'final', 'none'] as const;
export type Reports = ReturnType<typeof openReports>;

/**
 * Reports to the address that came with each text, so many at a time; the rest waits its turn. The reports of one
 * text go one after the other. Refused ones come again on the carrier's schedule.
 */
export function openReports(options: {
  webhooks: Webhooks;
  clock: Clock;
  concurrency: number;
  onReport: (reported: Reported) => void;
}) {
  const counts = { taken: 0, refused: 0, givenUp: 0 };
  const inTurn = openTurns(options.concurrency);
  const idle: (() => void)[] = [];
  let open = 0;

  async function report(text: Text, step: Step): Promise<void> {
    const fields = reportFields(text, step);
    const answered = await options.webhooks.call(text.url, fields);
    tell(text, step, answered);
    if (!isTaken(answered)) void counted(reportAgain(text, step, fields));
  }

  async function reportAgain(text: Text, step: Step, fields: Record<string, string>): Promise<void> {
    const { status } = await options.webhooks.callAgain(text.url, fields);
    if (isTaken(status)) tell(text, step, status);
    else counts.givenUp += 1;
  }

  function tell(text: Text, { status, errorCode }: Step, answered: number): void {
    counts[isTaken(answered) ? 'taken' : 'refused'] += 1;
    options.onReport({ text, status, errorCode, answered });
  }

  async function counted(work: Promise<unknown>): Promise<void> {
    open += 1;
    await work;
    open -= 1;
    if (open === 0) for (const resolve of idle.splice(0)) resolve();
  }

  async function goThrough(text: Text, steps: Step[]): Promise<void> {
    for (const group of groupTogether(steps)) {
      const wait = group[0]?.waitMs ?? 0;
      if (wait > 0 && !(await options.clock.wait(wait))) return;
      await inTurn(() => Promise.all(group.map((step) => report(text, step))));
    }
  }

  return {
    counts,
    waiting: (): number => open,
    /** Resolves when each report was sent once, taken or not. */
    start(text: Text, steps: Step[]): Promise<void> {
      return text.url === '' ? Promise.resolve() : counted(goThrough(text, steps));
    },
    /** Resolves when every report has been taken or given up. */
    settled(): Promise<void> {
      return open === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve));
    },
  };
}

function groupTogether(steps: Step[]): Step[][] {
  const groups: Step[][] = [];
  for (const step of steps) {
    if (step.together) groups.at(-1)?.push(step);
    else groups.push([step]);
  }
  return groups;
}

/** The fields of Plivo's status callback; numbers travel without their plus. */
function reportFields(text: Text, step: Step): Record<string, string> {
  const units = countUnits(text.text);
  const rate = text.media.length > 0 ? 0.016 : 0.0055;
  const sentAt = clockTime(text.at);
  return {
    From: text.from.slice(1),
    To: text.to.slice(1),
    MessageUUID: text.uuid,
    ParentMessageUUID: text.uuid,
    PartInfo: '1 of 1',
    Type: text.media.length > 0 ? 'mms' : 'sms',
    Status: step.status,
    Sequence: String(step.sequence),
    ErrorCode: step.errorCode,
    Units: String(units),
    TotalRate: rate.toFixed(5),
    TotalAmount: (rate * units).toFixed(5),
    MCC: '310',
    MNC: '004',
    PowerpackUUID: '',
    MessageTime: sentAt,
    QueuedTime: sentAt,
    SentTime: sentAt,
    DeliveryReportTime: step.status === 'sent' ? '' : clockTime(Date.now()),
  };
}

/** YYYY-mm-dd HH:MM:SS.SSSSSS in UTC. */
function clockTime(ms: number): string {
  return `${new Date(ms).toISOString().replace('T', ' ').slice(0, -1)}000`;
}
