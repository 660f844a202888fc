import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { openAccount } from './account.ts';
import { openAccountApi } from './account-api.ts';
import { openCalls } from './calls.ts';
import { chargeFor } from './charge.ts';
import { startClock } from './clock.ts';
import { openDemoGroups } from './demo-group.ts';
import { openDemoSessions } from './demo-session.ts';
import { openEngineMedia } from './engine-media.ts';
import { openEvents } from './events.ts';
import { openFaultRules } from './fault-rules.ts';
import { openFlow } from './flow.ts';
import { openHandsets } from './handsets.ts';
import { type Heard, openInbound, type Said } from './inbound.ts';
import { openLog } from './log.ts';
import { openLookups } from './lookups.ts';
import { openMessageApi } from './message-api.ts';
import { openNumbers } from './numbers.ts';
import { openOptOuts } from './opt-outs.ts';
import { openPictures } from './pictures.ts';
import { openReports } from './reports.ts';
import { openServer } from './server.ts';
import type { Block, Reply, Simulator, SimulatorOptions } from './types.ts';
import { openWatch } from './watch.ts';
import { openWebhooks } from './webhook.ts';

/** Starts the carrier simulator and resolves once it listens. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { authId, authToken, timeScale = 1, webhookTimeoutMs = 8_000, optOuts: minded = true } = options;
  const webhookBase = options.webhookBase.replace(/\/+$/, '');
  const startedAt = Date.now();
  const clock = startClock();
  const events = openEvents();
  const faults = openFaultRules(options.seed ?? 1);
  const log = openLog({ keep: options.keep ?? 50_000, ...(options.logFile ? { file: options.logFile } : {}) });
  const watch = openWatch(log);
  const webhooks = openWebhooks({
    authToken,
    signing: options.signing ?? 'main',
    timeoutMs: webhookTimeoutMs,
    timeScale,
    clock,
  });
  const numbers = openNumbers({ ...options, clock, timeScale });
  const pictures = openPictures();
  const handsets = openHandsets({
    log,
    events,
    known: options.serviceNumber ? [{ number: options.serviceNumber, label: 'Service number' }] : [],
    chargeFor: (text) => chargeFor({ ...text, source: numbers.sourceOf(text.from) }),
    ...(options.stateFile ? { stateFile: options.stateFile } : {}),
  });
  const campaignOf = (number: string) => numbers.sourceOf(number).campaign;
  const optOuts = minded ? openOptOuts({ campaignOf, timeScale }) : undefined;
  const account = openAccount({
    credit: options.credit ?? Infinity,
    requestsPer5s: options.requestsPer5s ?? Infinity,
    timeScale,
  });
  const authorization = `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`;
  const replies: Reply[] = [];
  const inbound = openInbound({
    webhookBase,
    optOuts,
    method: options.messageMethod ?? 'POST',
    timeScale,
    clock,
    webhooks,
    faults,
    onReply: (reply) => {
      replies.push(reply);
      if (replies.length > mostReplies) replies.shift();
      handsets.arrived({ ...reply, seq: 0, uuid: randomUUID(), url: '', media: [], at: Date.now() });
    },
  });
  const reports = openReports({
    webhooks,
    clock,
    concurrency: options.reportConcurrency ?? 64,
    sourceOf: numbers.sourceOf,
    onReport: (reported) => {
      handsets.reported(reported);
      const { text, status, errorCode, answered } = reported;
      if (!events.has('all')) return;
      events.publish('all', 'report', { uuid: text.uuid, to: text.to, status, errorCode, answered });
    },
  });
  const messages = openMessageApi({
    authId,
    authorization,
    account,
    numbers,
    timeScale,
    latencyMs: options.latencyMs ?? 0,
    reportDelayMs: options.reportDelayMs ?? 0,
    reporting: options.reporting ?? 'all',
    clock,
    faults,
    log,
    reports,
    isStopped: optOuts?.stops ?? (() => false),
    onText: (text) => {
      handsets.arrived(text);
      if (events.has('all')) events.publish('all', 'text', text);
      watch.noticed();
    },
  });

  /** The pairs of a number and a handset here that the carrier blocks since a STOP, and the campaign that it holds for. */
  function blocks(): Block[] {
    const { handsets: phones, numbers: known } = handsets.snapshot();
    return known.flatMap(({ number }) =>
      phones
        .filter(({ phone }) => optOuts?.blocks(number, phone))
        .map(({ phone }) => ({ number, phone, campaign: campaignOf(number) })),
    );
  }

  async function text(said: Said): Promise<Heard> {
    const became = handsets.saying(said);
    const hearing = inbound.text(said);
    if (events.has('handsets')) events.publish('handsets', 'blocks', blocks());
    const heard = await hearing;
    became(heard);
    return heard;
  }
  const call = openCalls({ webhookBase, webhooks, onAnswer: handsets.called });
  const readFlow = openFlow({ webhookBase, opsPassword: options.opsPassword ?? '', log, messages, reports });
  const startDemoSession = openDemoSessions({ webhookBase, watch, log });
  const startDemoGroup = openDemoGroups({ webhookBase, handsets, events, watch, clock, timeScale, say: text });

  const buying = options.buying ?? 'fulfilled';
  const messageUrlOf = (application: string) =>
    options.applications && application in options.applications
      ? options.applications[application]
      : `${webhookBase}/plivo/message`;
  const answerUrlOf = (application: string) => options.answers?.[application] ?? `${webhookBase}/plivo/call`;
  const accountApi = openAccountApi({
    ...{ authId, authorization, numbers, account, buying, messageUrlOf, answerUrlOf },
    brought: inbound.brought,
    sent: log.all,
  });
  const server = openServer(messages, accountApi, () => simulator);
  const { host = '127.0.0.1', port = 0 } = options;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, () => resolve()));
  const address = server.address() as AddressInfo;

  const simulator: Simulator = {
    url: `http://${host}:${address.port}`,
    port: address.port,
    handsets,
    events,
    pictures,
    blocks,
    readFlow,
    text,
    call,
    lookups: openLookups(authorization),
    brought: inbound.brought,
    replay: inbound.replay,
    get bought() {
      return numbers.bought.map(({ number, appId }) => ({ number, appId }));
    },
    activateNumber: numbers.activate,
    recharge: account.recharge,
    get accepted() {
      return log.all();
    },
    textsTo: log.to,
    textsAfter: log.after,
    repliesTo: (phone) => replies.filter(({ to }) => to === phone),
    waitForTexts: watch.waitForTexts,
    settled: reports.settled,
    fault: faults.add,
    faults: faults.list,
    clearFaults: faults.clear,
    startDemoGroup: () => startDemoGroup(log.count()),
    startDemoSession,
    serveEngineMedia: openEngineMedia(webhookBase),
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

const mostReplies = 10_000;
