import { Counter, Gauge, type Registry } from 'prom-client';
import { countAccountsOff } from '../db/billing/ledger.ts';
import { readPauses } from '../db/deliveries/pauses.ts';
import { countPending, findOldestPending, UNWRITTEN, WAITING } from '../db/deliveries/pending-messages.ts';
import { findHeldNumbers } from '../db/deliveries/sending-holds.ts';
import { countUnknown } from '../db/deliveries/unknown-sends.ts';
import { countAllSince } from '../db/messages/first-texts.ts';
import { openOldestSendable } from '../engine/delivery/oldest-sendable.ts';
import { callEnds, countedStates, readEvents } from '../engine/platform/events.ts';
import { PREFIX } from '../engine/platform/process-metrics.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { budgetNames, cardTries } from '../engine/rules/budgets.ts';
import { openCampaignMetrics } from './campaign-metrics.ts';

/**
 * What the whole system has, as its MySQL and Redis know it: each `web` shows the same, so a graph takes the `max` over them
 * and never the sum. `texting_system_` says so. What `read` could not find out has no value then, rather than an old one.
 */
export type SystemMetrics = {
  readMysql(): Promise<void>;
  readRedis(): Promise<void>;
  forgetMysql(): void;
  forgetRedis(): void;
};

export function openSystemMetrics(runtime: Runtime, registry: Registry): SystemMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `${PREFIX}system_${name}`, help, labelNames, registers });
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({
      name: `${PREFIX}system_${name}_total`,
      help: `${help} Begins anew when Redis is emptied.`,
      labelNames,
      registers,
    });

  const paused = gauge(
    'carrier_paused',
    '1 while a carrier refuses everything, with its code (402 and 900: credit), or an operator holds it (0), and sending waits.',
    ['carrier', 'error_code'],
  );
  const heldNumbers = gauge(
    'numbers_held',
    'Numbers of ours from which an operator holds all texts, alone or by their campaign.',
  );
  const accountsOff = gauge('accounts_off', 'Accounts whose balance is not what their ledger adds up to; must be 0.');
  const pending = gauge('messages_pending', `Messages on their way, counted up to ${COUNT_LIMIT}.`, ['stage']);
  const oldest = gauge(
    'messages_pending_oldest_seconds',
    'How long the oldest message on its way has been; 0 where there is none.',
    ['stage'],
  );
  const sendable = gauge(
    'oldest_sendable_seconds',
    'For how long the oldest text could have been sent and was not; what waits for its turn within the limits, for a backoff or for a carrier that is paused does not count.',
    ['class'],
  );
  const unknown = gauge(
    'unknown_sends',
    `Sends that may or may not have reached the carrier, of the next ${DUE_LIMIT} that are due.`,
  );
  const unknownOldest = gauge('unknown_sends_oldest_seconds', 'How old the oldest of these is; 0 where there is none.');
  const firstTexts = gauge(
    'first_texts_last_hour',
    'Texts of the last hour to phones that never texted us and never logged in, against FIRST_TEXTS_PER_HOUR.',
  );
  const campaigns = openCampaignMetrics(gauge);
  const ofMysql = [
    ...campaigns.gauges,
    paused,
    heldNumbers,
    accountsOff,
    pending,
    oldest,
    sendable,
    unknown,
    unknownOldest,
    firstTexts,
  ];

  const jobs = gauge('queue_jobs', 'Jobs in the queues.', ['queue', 'state']);
  const accepted = counter('messages_accepted', 'Messages kept for groups.');
  const deliveries = counter(
    'deliveries',
    'Deliveries by the state that they came to, each once when it did; sent: the carrier or a push service took it.',
    ['state'],
  );
  const failures = counter(
    'delivery_failures',
    'Deliveries that failed or were not delivered, by the carrier’s code.',
    ['error_code'],
  );
  const networks = counter(
    'network_deliveries',
    'Deliveries by the mobile network of the phone (country and network code), where the carrier names it, and how they ended.',
    ['network', 'state'],
  );
  const campaignSends = counter(
    'campaign_sends',
    'Tries from numbers of a 10DLC campaign, or of none, by what the carrier said.',
    ['campaign', 'outcome'],
  );
  const retries = counter('retries', 'Tries that failed and are made again.');
  const pennies = gauge(
    'charged_pennies',
    'Pennies that owners were charged for texts, less refunds. Begins anew when Redis is emptied.',
  );
  const optOuts = counter('opt_outs', 'Phones that said STOP, and START again.', ['what']);
  const pushes = counter(
    'pushes',
    'Alerts by what the push service said of a device, and members who got a text instead.',
    ['outcome'],
  );
  const copies = counter(
    'media_copies',
    'Media of inbound MMS: copied into our store, gone at the carrier, refused (of no kind that is kept, or too large), lost after a day of tries.',
    ['outcome'],
  );
  const exhausted = counter(
    'budget_exhausted',
    'First texts that met an empty budget, and were refused or wait, and cards and charges refused because too many were tried.',
    ['budget'],
  );
  const calls = counter(
    'calls',
    'Calls to our numbers that were forwarded, and of these missed where nobody picked up; that would have been, but the group, the phone or the system had too many; and all that were told what the number is for.',
    ['outcome'],
  );
  const counters = [
    accepted,
    deliveries,
    failures,
    networks,
    campaignSends,
    retries,
    optOuts,
    pushes,
    copies,
    calls,
    exhausted,
  ];

  // Their names are promised.
  const anyPaused = new Gauge({ name: 'carrier_paused', help: '1 while some carrier is paused.', registers });
  const budgets = new Counter({
    name: 'budget_exhausted',
    help: 'As texting_system_budget_exhausted_total.',
    labelNames: ['budget'],
    registers,
  });

  function write(what: string, count: number): void {
    const [name = '', label = '', end = ''] = what.split(':');
    if (name === 'accepted') accepted.inc(count);
    else if (name === 'retried') retries.inc(count);
    else if (name === 'pennies') pennies.set(count);
    else if (name === 'stop' || name === 'start') optOuts.inc({ what: name }, count);
    else if (name === 'push') pushes.inc({ outcome: label }, count);
    else if (name === 'copy') copies.inc({ outcome: label }, count);
    else if (name === 'call') calls.inc({ outcome: label }, count);
    else if (name === 'failed' && label !== '') failures.inc({ error_code: label }, count);
    else if (name === 'network') networks.inc({ network: label, state: end }, count);
    else if (name === 'campaign') campaignSends.inc({ campaign: label, outcome: end }, count);
    else if (name === 'budget') {
      exhausted.inc({ budget: label }, count);
      budgets.inc({ budget: label }, count);
    } else if (countedStates.some((state) => state === name)) deliveries.inc({ state: name }, count);
  }

  return {
    async readMysql() {
      const { db } = runtime;
      await campaigns.read(db);
      const [pauses, held, off, unwritten, waiting, oldestUnwritten, oldestWaiting, ages, sends, texts] =
        await Promise.all([
          readPauses(db),
          findHeldNumbers(db),
          countAccountsOff(db),
          countPending(db, { pending: UNWRITTEN, limit: COUNT_LIMIT }),
          countPending(db, { pending: WAITING, limit: COUNT_LIMIT }),
          findOldestPending(db, UNWRITTEN),
          findOldestPending(db, WAITING),
          runtime.use(openOldestSendable).read(),
          countUnknown(db, DUE_LIMIT),
          countAllSince(db, { since: new Date(Date.now() - HOUR_MS), limit: COUNT_LIMIT }),
        ]);
      heldNumbers.set(held.length);
      anyPaused.set(pauses.length > 0 ? 1 : 0);
      const codes = new Map<string, number>(pauses.map(({ carrier, errorCode }) => [carrier, errorCode]));
      // The label of a pause that is over would stay.
      paused.reset();
      for (const carrier of new Set([...runtime.carriers.all.keys(), ...codes.keys()])) {
        const code = codes.get(carrier);
        paused.set({ carrier, error_code: String(code ?? '') }, code === undefined ? 0 : 1);
      }
      accountsOff.set(off);
      pending.set({ stage: 'accepted' }, unwritten);
      pending.set({ stage: 'waiting' }, waiting);
      oldest.set({ stage: 'accepted' }, secondsSince(oldestUnwritten));
      oldest.set({ stage: 'waiting' }, secondsSince(oldestWaiting));
      for (const [one, ms] of Object.entries(ages)) sendable.set({ class: one }, ms / 1_000);
      unknown.set(Number(sends.unknown));
      unknownOldest.set(secondsSince(sends.oldest ?? undefined));
      firstTexts.set(Number(texts));
    },
    async readRedis() {
      const [depths, events] = await Promise.all([runtime.queues.depths(), readEvents(runtime)]);
      for (const { queue, state, jobs: count } of depths) jobs.set({ queue, state }, count);
      for (const one of [...counters, budgets]) one.reset();
      pennies.set(0);
      // From the first scrape on, so that a graph knows a rate from the first that is counted.
      for (const state of countedStates) deliveries.inc({ state }, 0);
      for (const outcome of callEnds) calls.inc({ outcome }, 0);
      for (const budget of [...budgetNames, ...cardTries]) write(`budget:${budget}`, 0);
      for (const [what, count] of events) write(what, count);
    },
    forgetMysql() {
      anyPaused.remove();
      for (const one of ofMysql) one.reset();
      for (const one of [heldNumbers, accountsOff, unknown, unknownOldest, firstTexts]) one.remove();
    },
    forgetRedis() {
      jobs.reset();
    },
  };
}

const COUNT_LIMIT = 10_000;
const DUE_LIMIT = 2_000;
const HOUR_MS = 3_600_000;

function secondsSince(moment: Date | undefined): number {
  return moment === undefined ? 0 : Math.max(0, Math.round((Date.now() - moment.getTime()) / 1000));
}
