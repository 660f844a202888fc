import { make, sayNumber } from './format.js';
import { ask, showError } from './store.js';

/** What can be switched on: the simulator's fault, its details, and who or what is to be chosen for it. */
const faults = [
  { kind: 'slow', ms: 3_000, says: 'Slow', means: 'each send is answered after 3 s' },
  { kind: '503', says: 'Refuse', means: 'each send is answered 503' },
  { kind: 'timeout_before', ms: 60_000, says: 'Time out', means: 'sends get no answer, and the text is not taken' },
  { kind: 'timeout_after', ms: 60_000, says: 'Time out, taken', means: 'no answer, but the text goes out' },
  { kind: 'no_credit', says: 'Out of credit', means: 'the account is empty: 402, sending pauses' },
  { kind: 'opted_out', chooses: 'phone', says: 'Opt a phone out', means: 'its texts fail with code 200' },
  { kind: 'report_lost', says: 'Reports lost', means: 'texts arrive, and nothing is reported' },
  { kind: 'report_late', ms: 15_000, says: 'Reports late', means: 'they come after 15 s' },
  { kind: 'campaign_rejected', says: 'Campaign rejected', means: 'long codes fail with code 40' },
  { kind: 'number_not_linked', chooses: 'number', says: 'Number not linked', means: 'its texts fail with code 40' },
];

/** Switches of the simulator's faults; each says how often it has struck. */
export class FaultPanel extends HTMLElement {
  #store;
  #rows = new Map();
  #others = make('p', { className: 'fine', hidden: true });

  start(store) {
    this.#store = store;
    this.role = 'region';
    this.ariaLabel = 'Faults of the carrier';
    const rows = make('ul', {}, ...faults.map((fault) => this.#newRow(fault)));
    this.append(make('h2', { textContent: 'What the carrier does wrong' }), rows, this.#others);
    for (const change of ['handsets', 'numbers']) store.addEventListener(change, () => this.#fillChoices());
    this.addEventListener('switched', () => this.#look());
    this.#look();
    setInterval(() => this.#look(), 2_000);
  }

  #newRow({ says, means, chooses, ...fault }) {
    const box = make('input', { type: 'checkbox' });
    box.setAttribute('role', 'switch');
    const hits = make('span', { className: 'hits' });
    const label = make('label', {}, box, make('span', {}, make('strong', { textContent: says }), ` ${means}`), hits);
    const choice = chooses ? make('select') : undefined;
    if (choice) choice.ariaLabel = `${says}: which ${chooses}`;
    box.onchange = () => this.#switch(box.checked, { ...fault, ...(chooses ? { [chooses]: choice.value } : {}) });
    if (choice) choice.onchange = () => box.checked && this.#switch(true, { ...fault, [chooses]: choice.value });
    this.#rows.set(fault.kind, { box, hits, choice, chooses });
    return make('li', {}, label, choice);
  }

  #fillChoices() {
    const choices = {
      phone: [...this.#store.handsets.values()].map(({ phone, name }) => [phone, name]),
      number: [...this.#store.numbers].map(([number, label]) => [number, label || sayNumber(number)]),
    };
    for (const { choice, chooses } of this.#rows.values()) {
      if (!choice) continue;
      const was = choice.value;
      choice.replaceChildren(...choices[chooses].map(([value, textContent]) => make('option', { value, textContent })));
      if (choices[chooses].some(([value]) => value === was)) choice.value = was;
    }
  }

  async #switch(on, fault) {
    try {
      await ask('DELETE', `/faults?kind=${fault.kind}`);
      if (on) await ask('POST', '/faults', fault);
    } catch (error) {
      showError(error);
    }
    this.#look();
  }

  async #look() {
    if (document.hidden) return;
    const { faults: rules } = await ask('GET', '/faults').catch(() => ({}));
    if (!rules) return;
    for (const [kind, { box, hits, choice, chooses }] of this.#rows) {
      const rule = rules.find((each) => each.kind === kind);
      box.checked = rule !== undefined;
      hits.textContent = rule ? `struck ${rule.hits} times` : '';
      if (choice && rule?.[chooses] && document.activeElement !== choice) choice.value = rule[chooses];
    }
    const others = rules.filter(({ kind }) => !this.#rows.has(kind)).map(({ kind }) => kind);
    this.#others.hidden = others.length === 0;
    this.#others.textContent = `Set elsewhere as well: ${others.join(', ')}.`;
    this.#tellCount(rules.length);
  }

  /** How many are on stands on the button that opens this panel. */
  #tellCount(count) {
    const badge = document.querySelector(`[data-opens="${this.id}"] .badge`);
    badge.hidden = count === 0;
    badge.replaceChildren(String(count), make('span', { className: 'unseen', textContent: ' switched on' }));
  }
}

customElements.define('fault-panel', FaultPanel);
