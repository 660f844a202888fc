import type { AddressInfo } from 'node:net';
import { startClock } from './clock.ts';
import { type DemoGroup, openDemoGroups } from './demo-group.ts';
import { type Events, openEvents } from './events.ts';
import { openFaultRules } from './fault-rules.ts';
import type { Fault } from './faults.ts';
import { type Handsets, openHandsets } from './handsets.ts';
import { type Heard, openInbound, type Said } from './inbound.ts';
import { openLog, type Text } from './log.ts';
import { openMessageApi } from './message-api.ts';
import { openNumberApi } from './number-api.ts';
import { openReports, type Reporting } from './reports.ts';
import { openServer } from './server.ts';
import { type Match, openWatch, type Wanted } from './watch.ts';
import { openWebhooks } from './webhook.ts';

export type SimulatorOptions = {
  authId: string;
  authToken: string;
  /** The engine's PUBLIC_URL: where texts from handsets go, to /plivo/message. */
  webhookBase: string;
  /** 0, the default, takes a free port. */
  port?: number;
  host?: string;
  /** Texts kept in memory, 50,000; Infinity keeps all of them. */
  keep?: number;
  /** Each accepted text becomes a line of JSON in this file, on disk before the answer goes out. */
  logFile?: string;
  /** Handsets and known numbers survive a restart in this file. */
  stateFile?: string;
  /** Factor on the carrier's retry schedule of 60, 120 and 240 s; 0.001 makes a minute last 60 ms. */
  timeScale?: number;
  /** Milliseconds that an answer of the engine may take, 8,000. */
  webhookTimeoutMs?: number;
  /** Milliseconds before each answer to a send, and before each report; 0. */
  latencyMs?: number;
  reportDelayMs?: number;
  /** all: sent and delivered; final: the last one alone; none. */
  reporting?: Reporting;
  /** Reports under way at the same time, 64. */
  reportConcurrency?: number;
  /** The carrier minds STOP, START and HELP by itself and says so in MessageIntent. */
  optOuts?: boolean;
  /** Suggested on the page as the service's own number. */
  serviceNumber?: string;
  seed?: number;
};

/** A carrier and a drawer of handsets in one process. */
export type Simulator = {
  url: string;
  port: number;
  handsets: Handsets;
  events: Events;
  /** A handset texts: resolves when the engine took it or the carrier gave up. Status 0: no answer at all. */
  text(said: Said): Promise<Heard>;
  /** The numbers that were rented out, oldest first. */
  bought: readonly { number: string; appId: string | null }[];
  /** The texts still in memory, oldest first. */
  readonly accepted: readonly Text[];
  textsTo(phone: string, since?: number): Text[];
  textsAfter(seq: number, limit?: number): { texts: Text[]; next: number; lost: boolean };
  /** Waits for texts instead of sleeping; see `openWatch`. */
  waitForTexts(match: Match, wanted?: Wanted): Promise<Text[]>;
  /** Resolves when no report is waiting, under way or to be repeated. */
  settled(): Promise<void>;
  fault(fault: Fault): Fault;
  faults(): readonly (Fault & { hits: number })[];
  clearFaults(): void;
  startDemoGroup(): Promise<DemoGroup>;
  stats(): Record<string, unknown>;
  stop(): Promise<void>;
};

/** Starts the carrier simulator and resolves once it listens. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { authId, authToken, timeScale = 1, webhookTimeoutMs = 8_000, optOuts = false } = options;
  const webhookBase = options.webhookBase.replace(/\/+$/, '');
  const startedAt = Date.now();
  const clock = startClock();
  const events = openEvents();
  const faults = openFaultRules(options.seed ?? 1);
  const log = openLog({ keep: options.keep ?? 50_000, ...(options.logFile ? { file: options.logFile } : {}) });
  const watch = openWatch(log);
  const webhooks = openWebhooks({ authToken, timeoutMs: webhookTimeoutMs, timeScale, clock });
  const handsets = openHandsets({
    log,
    events,
    known: options.serviceNumber ? [{ number: options.serviceNumber, label: 'Service number' }] : [],
    ...(options.stateFile ? { stateFile: options.stateFile } : {}),
  });
  const inbound = openInbound({ webhookBase, optOuts, timeScale, clock, webhooks, faults });
  const reports = openReports({
    webhooks,
    clock,
    concurrency: options.reportConcurrency ?? 64,
    onReport: (reported) => {
      handsets.reported(reported);
      const { text, status, errorCode, answered } = reported;
      if (!events.has('all')) return;
      events.publish('all', 'report', { uuid: text.uuid, to: text.to, status, errorCode, answered });
    },
  });
  const messages = openMessageApi({
    authId,
    authToken,
    latencyMs: options.latencyMs ?? 0,
    reportDelayMs: options.reportDelayMs ?? 0,
    reporting: options.reporting ?? 'all',
    clock,
    faults,
    log,
    reports,
    hasOptedOut: inbound.hasOptedOut,
    onText: (text) => {
      handsets.arrived(text);
      if (events.has('all')) events.publish('all', 'text', text);
      watch.noticed();
    },
  });

  async function text(said: Said): Promise<Heard> {
    const became = handsets.saying(said);
    const heard = await inbound.text(said);
    became(heard);
    return heard;
  }
  const startDemoGroup = openDemoGroups({ webhookBase, handsets, events, watch, clock, timeScale, say: text });

  const numbers = openNumberApi({ authId, authToken });
  const server = openServer(messages, numbers, () => simulator);
  const { host = '127.0.0.1', port = 0 } = options;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, () => resolve()));
  const address = server.address() as AddressInfo;

  const simulator: Simulator = {
    url: `http://${host}:${address.port}`,
    port: address.port,
    handsets,
    events,
    text,
    bought: numbers.bought,
    get accepted() {
      return log.all();
    },
    textsTo: log.to,
    textsAfter: log.after,
    waitForTexts: watch.waitForTexts,
    settled: reports.settled,
    fault: faults.add,
    faults: faults.list,
    clearFaults: faults.clear,
    startDemoGroup: () => startDemoGroup(log.count()),
    stats: () => ({
      accepted: log.count(),
      answered: messages.answered,
      reports: { ...reports.counts, waiting: reports.waiting() },
      inbound: inbound.counts,
      handsets: handsets.snapshot().handsets.length,
      webhookBase,
      upSeconds: Math.round((Date.now() - startedAt) / 1000),
    }),
    async stop() {
      clock.stop();
      events.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, webhooks.close()]);
      await log.close();
    },
  };
  return simulator;
}
