import { readSpendSince } from '../../db/billing/spend.ts';
import { readPauses } from '../../db/deliveries/pauses.ts';
import { listHolds } from '../../db/deliveries/sending-holds.ts';
import { countAllSince } from '../../db/messages/first-texts.ts';
import { readBudgetAlarms } from '../../engine/delivery/exhausted.ts';
import type { Runtime } from '../../engine/platform/runtime.ts';
import { carrierNames } from '../../engine/rules/carriers.ts';
import { inDollars } from '../../engine/rules/money.ts';
import { carriersInUse } from '../../engine/usecases/operating/hold-sending.ts';
import { facts, type Html, html, table, time } from '../html.ts';
import { readReadiness } from '../ops.ts';
import { changeForm } from './change.ts';
import { openMoments } from './live.ts';
import type { Page } from './page.ts';

/** Is it well: at a glance, and as it goes on. */
export const homePage: Page = {
  async show(visit) {
    const { runtime } = visit;
    const [readiness, moments, pauses, holds, inUse, spend] = await Promise.all([
      readReadiness(runtime),
      // Without Redis the rest is told.
      runtime
        .use(openMoments)
        .read()
        .catch(() => []),
      readPauses(runtime.db),
      listHolds(runtime.db),
      carriersInUse(runtime.db),
      spendOf(runtime),
    ]);
    const now = moments.at(-1);
    const paused = new Set(pauses.map(({ carrier }) => carrier));
    const carriers = carrierNames.filter((carrier) => inUse.has(carrier) || paused.has(carrier));
    const wrong = [...(readiness.missing === null ? [] : [readiness.missing]), ...readiness.degraded];
    const seconds = (ms: number | undefined) => (ms === undefined ? 'unknown' : `${(ms / 1_000).toFixed(1)} s`);
    return {
      title: 'Home',
      main: html`${facts([
        [
          'Health',
          wrong.length === 0
            ? html`<span class="good-text">well</span>`
            : html`<span class="bad-text">${wrong.join(', ')}</span>`,
        ],
        ['Sending', heldOf(pauses.length, holds.length)],
        ['Messages waiting', now?.waiting ?? 'unknown'],
        ['Oldest that could go: message', seconds(now?.oldest.message)],
        ['Oldest that could go: text of ours', seconds(now?.oldest.system_message)],
        ['Oldest that could go: PIN', seconds(now?.oldest.pin)],
        ...spend,
      ])}
<h2>Live</h2>
<div class="plots" id="plots" data-from="/ops/live">
${plot('texts', 'Texts to the carrier, a second')}
${plot('waiting', 'Messages waiting')}
${plot('half', 'Acceptance to carrier, ms: half are faster')}
${plot('most', 'Acceptance to carrier, ms: 19 of 20 are faster')}
</div>
<p class="faint">The last 15 minutes that somebody looked at, of the whole system. <span id="live-state" role="status"></span></p>
<h2>Pauses</h2>
${table('Pauses', {
  head: ['What', 'Since (UTC)', 'Why'],
  rows: [
    ...pauses.map(({ carrier, since, errorCode }) => [
      ...[carrier, time(since), errorCode === 0 ? 'an operator' : `the carrier refuses everything, code ${errorCode}`],
    ]),
    ...holds.map(({ kind, name, since }) => [`${kind} ${name}`, time(since), 'an operator']),
  ],
  empty: 'Nothing pauses.',
})}
${carriers.map((carrier) => changeForm(visit, paused.has(carrier) ? 'resume-carrier' : 'pause-carrier', { of: carrier }))}`,
    };
  },
};

function heldOf(pauses: number, holds: number): Html {
  if (pauses > 0) return html`<span class="bad-text">pauses</span>`;
  return holds > 0 ? html`<span class="bad-text">${holds} held</span>` : html`<span class="good-text">goes on</span>`;
}

/** Money of today, and free texts of the last hour against their budget. */
async function spendOf(runtime: Runtime): Promise<(readonly [string, string])[]> {
  const now = Date.now();
  const [today, firstTexts, alarms] = await Promise.all([
    readSpendSince(runtime.db, new Date(now - (now % DAY_MS))),
    countAllSince(runtime.db, { since: new Date(now - HOUR_MS), limit: COUNT_LIMIT }),
    readBudgetAlarms(runtime).catch(() => null),
  ]);
  const budget = runtime.config.FIRST_TEXTS_PER_HOUR;
  return [
    ['Owners paid today (UTC)', `${today.isAll ? '' : 'at least '}${inDollars(today.pennies)}`],
    ['First texts of the last hour', `${firstTexts} of ${budget === 0 ? 'any number' : budget}`],
    ['Budgets used up in the last hour', alarms === null ? 'unknown' : alarms.join(', ') || 'none'],
  ];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const COUNT_LIMIT = 10_000;

function plot(name: string, caption: string): Html {
  return html`<figure data-plot="${name}"><figcaption>${caption} <output>–</output></figcaption>
<svg viewBox="0 0 300 90" preserveAspectRatio="none" aria-hidden="true"><path d=""></path></svg></figure>`;
}
