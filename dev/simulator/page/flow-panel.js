import { make, sayAge } from './format.js';
import { ask } from './store.js';

/**
 * How far texts have come: accepted, fanned out, paced, sent, reported. What the engine says of itself and what the
 * carrier saw stand side by side; what neither knows is "?".
 */
export class FlowPanel extends HTMLElement {
  start() {
    this.role = 'region';
    this.ariaLabel = 'The flow of texts';
    this.addEventListener('switched', () => this.#look());
    this.#look();
    setInterval(() => this.#look(), 2_000);
  }

  async #look() {
    if (document.hidden || this.hidden) return;
    const flow = await ask('GET', '/flow').catch(() => undefined);
    if (flow)
      this.replaceChildren(make('ol', {}, ...stagesOf(flow).map(drawStage)), make('p', { textContent: noteOf(flow) }));
  }
}

function stagesOf({ engine, carrier }) {
  const { accepted, notFannedOut, waiting, jobs, delivered, failed } = engine;
  const { taken, refused, reports } = carrier;
  return [
    {
      name: 'Accepted',
      count: accepted,
      of: 'messages of groups',
      waits: notFannedOut?.pending,
      what: 'to be fanned out',
      age: notFannedOut?.oldestSeconds,
    },
    {
      name: 'Fanned out',
      count: sum(jobs?.waiting, jobs?.active),
      of: 'jobs in the queues',
      waits: jobs?.delayed,
      what: 'for later',
    },
    { name: 'Paced', count: waiting?.pending, of: 'messages wait for a slot', age: waiting?.oldestSeconds },
    {
      name: 'Sent',
      count: taken,
      of: 'texts at the carrier',
      more: refused > 0 ? `${say(refused)} sends refused` : undefined,
    },
    {
      name: 'Reported',
      count: delivered,
      of: 'delivered',
      waits: reports.open,
      what: 'reports under way',
      age: reports.oldestSeconds,
      more: failed > 0 ? `${say(failed)} failed` : undefined,
    },
  ];
}

function drawStage({ name, count, of, waits, what, age, more }) {
  const oldest = waits === 0 || count === undefined || !age ? undefined : `oldest ${sayAge(age)}`;
  const lines = [waits === undefined ? undefined : `${say(waits)} ${what}`, oldest, more].filter(Boolean);
  return make(
    'li',
    { dataset: waits > 0 ? { busy: '' } : {} },
    make('h2', { textContent: name }),
    make('p', {}, make('strong', { textContent: say(count) }), ` ${of}`),
    make('small', { textContent: lines.join(' · ') || 'nothing waits' }),
  );
}

function noteOf({ engine }) {
  if (engine.missing) return `Of the engine nothing is known: ${engine.missing}. The rest is what the carrier saw.`;
  const paused = engine.carrierPaused ? 'Sending is paused: the carrier refuses everything. ' : '';
  return `${paused}What waits includes the service’s own texts. How long jobs wait in the queues is not known.`;
}

const say = (count) => (count === undefined || count === null ? '?' : count.toLocaleString());
const sum = (...counts) =>
  counts.some((count) => typeof count !== 'number') ? undefined : counts.reduce((a, b) => a + b, 0);

customElements.define('flow-panel', FlowPanel);
