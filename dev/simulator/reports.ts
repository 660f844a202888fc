import type { Clock } from './clock.ts';
import type { Text } from './log.ts';
import type { Source } from './numbers.ts';
import { reportFields, type Step } from './report-fields.ts';
import { openTurns } from './turns.ts';
import { isTaken, type Webhooks } from './webhook.ts';

export type Reported = { text: Text; status: Step['status']; errorCode: string; answered: number };
/** Which reports of a text go out. */
export type Reporting = (typeof reportings)[number];
export const reportings = ['all', 'final', 'none'] as const;
export type Reports = ReturnType<typeof openReports>;

/**
 * Reports to the address that came with each text, a limited number at a time; the rest waits its turn. The reports of one
 * text go one after the other. Refused ones come again on the carrier's schedule.
 */
export function openReports(options: {
  webhooks: Webhooks;
  clock: Clock;
  concurrency: number;
  sourceOf: (number: string) => Source;
  onReport: (reported: Reported) => void;
}) {
  const counts = { taken: 0, refused: 0, givenUp: 0 };
  const inTurn = openTurns(options.concurrency);
  const idle: (() => void)[] = [];
  /** When each text came whose reports are not through yet, oldest first. */
  const openSince = new Map<string, number>();
  let open = 0;

  async function report(text: Text, step: Step): Promise<void> {
    const fields = reportFields(text, step, options.sourceOf(text.from));
    const answered = await options.webhooks.call(text.url, fields, text);
    tell(text, step, answered);
    if (!isTaken(answered)) void counted(reportAgain(text, step, fields));
  }

  async function reportAgain(text: Text, step: Step, fields: Record<string, string>): Promise<void> {
    const { status } = await options.webhooks.callAgain(text.url, fields, text);
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
    /** Of the texts whose reports are still to be sent once: how many, and when the oldest came. */
    unreported: (): { count: number; since: number | undefined } => ({
      count: openSince.size,
      since: openSince.values().next().value,
    }),
    /** Resolves when each report was sent once, taken or not. */
    start(text: Text, steps: Step[]): Promise<void> {
      if (text.url === '' || steps.length === 0) return Promise.resolve();
      openSince.set(text.uuid, text.at);
      return counted(goThrough(text, steps).finally(() => openSince.delete(text.uuid)));
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
