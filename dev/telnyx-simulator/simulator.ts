import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answered, Call } from '../simulator/calls.ts';
import { startClock } from '../simulator/clock.ts';
import { openLog, type Text } from '../simulator/log.ts';
import { type Match, openWatch, type Wanted } from '../simulator/watch.ts';
import { openAccountApi, type TelnyxAccount } from './account-api.ts';
import { openCalls } from './calls.ts';
import { type Fault, openFaults } from './faults.ts';
import { readBody, reply } from './http.ts';
import { type Heard, openInbound, type Said } from './inbound.ts';
import { openMessageApi } from './message-api.ts';
import { openNumberApi } from './number-api.ts';
import { openReports } from './reports.ts';
import { openWebhooks } from './webhook.ts';

export type TelnyxSimulatorOptions = {
  apiKey: string;
  /** The engine's PUBLIC_URL: where the messaging profile has its texts brought to, at /telnyx/message. */
  webhookBase: string;
  port?: number;
  /** Factor on the pauses between the attempts of a webhook. */
  timeScale?: number;
};

/** Telnyx and a drawer of handsets in one process. */
export type TelnyxSimulator = {
  url: string;
  /** The account's public key, in base64. */
  publicKey: string;
  /** A handset texts: resolves when the engine took it or the carrier gave up. Status 0: no answer at all. */
  text(said: Said): Promise<Heard>;
  /** A handset calls one of our numbers: what its owner hears. */
  call(made: Call): Promise<Answered>;
  /** The numbers that were rented out, oldest first. */
  bought: readonly { number: string; profileId: string | null }[];
  /** What is set up in the account. */
  account: TelnyxAccount;
  /** The texts that were taken, oldest first. */
  readonly accepted: readonly Text[];
  textsTo(phone: string, since?: number): Text[];
  waitForTexts(match: Match, wanted?: Wanted): Promise<Text[]>;
  /** Resolves when no report is under way or to be repeated. */
  settled(): Promise<void>;
  fault(fault: Fault): void;
  clearFaults(): void;
  stop(): Promise<void>;
};

/** Starts the simulator and resolves once it listens. Its tables are from Telnyx's public pages, named where they stand. */
export async function startTelnyxSimulator(options: TelnyxSimulatorOptions): Promise<TelnyxSimulator> {
  const clock = startClock();
  const log = openLog({ keep: 50_000 });
  const watch = openWatch(log);
  const faults = openFaults();
  const webhooks = openWebhooks({ clock, timeScale: options.timeScale ?? 1 });
  const webhookBase = options.webhookBase.replace(/\/+$/, '');
  const inbound = openInbound({ webhookBase, webhooks, faults });
  const reports = openReports(webhooks);
  const messages = openMessageApi({ log, faults, reports, isBlocked: inbound.isBlocked, onText: watch.noticed });
  const numbers = openNumberApi();
  const account: TelnyxAccount = { credit: 100, numbers: new Map(), profiles: new Map(), texml: new Map() };
  const accountApi = openAccountApi(account);

  const server = createServer(async (req, res) => {
    const url = new URL(req.url ?? '/', 'http://simulator');
    const body = await readBody(req);
    // https://developers.telnyx.com/development/api-fundamentals/api-errors
    if (req.headers.authorization !== `Bearer ${options.apiKey}`)
      return reply.error(res, 401, '10009', 'Authentication failed');
    if (req.method === 'POST' && url.pathname === '/v2/messages') return messages.handle(body, res);
    const call = { method: req.method ?? '', url, body };
    if (accountApi.handle(call, res) || numbers.handle(call, res)) return;
    reply.error(res, 404, '10005', 'Resource not found');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    publicKey: webhooks.publicKey,
    text: inbound.text,
    call: openCalls({ webhookBase, webhooks, faults }),
    bought: numbers.bought,
    account,
    get accepted() {
      return log.all();
    },
    textsTo: log.to,
    waitForTexts: watch.waitForTexts,
    settled: reports.settled,
    fault: faults.add,
    clearFaults: faults.clear,
    async stop() {
      clock.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, webhooks.close()]);
      await log.close();
    },
  };
}
