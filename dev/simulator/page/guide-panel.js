import { foundByHand } from './by-hand.js';
import { make } from './format.js';
import { ask, showError } from './store.js';

const seen = 'guide-closed';
const tries = [
  ...['*who', '*poll Dinner at 7? yes/no/maybe', '*pin Practice is at 6', '*schedule tomorrow 7pm Bring water'],
  ...['*help', '*bye', 'STOP'],
];
const steps = ['creating', 'created', 'answered', 'ready'];

/** Says what to do: an invitation while there is nobody, the steps of a demo group, then what to try. */
export class GuidePanel extends HTMLElement {
  #store;
  #phones;
  #told = [];
  #byHand;

  start(store, phones) {
    this.#store = store;
    this.#phones = phones;
    this.#byHand = foundByHand(store, phones);
    store.addEventListener('demo', ({ detail }) => this.#follow(detail));
    store.addEventListener('handsets', () => this.#told.length === 0 && this.#draw());
    this.addEventListener('switched', () => {
      this.#told = [];
      this.#show(this.hidden ? '' : 'hint', [this.#hint(), this.#byHand, this.#close()]);
    });
  }

  #follow({ step, message }) {
    if (step === 'creating') this.#told = [];
    this.#told.push({ step, message });
    this.#show('steps', this.#steps());
  }

  #draw() {
    const { handsets } = this.#store;
    if (handsets.size === 0) this.#show('welcome', this.#welcome());
    else if (!localStorage.getItem(seen)) this.#show('hint', [this.#hint(), this.#byHand, this.#close()]);
    else if (this.dataset.kind === 'welcome') this.#show('', []);
  }

  #show(kind, content) {
    if (kind !== 'steps' && this.dataset.kind === kind) return;
    this.dataset.kind = kind;
    this.hidden = kind === '';
    this.replaceChildren(...content);
  }

  #welcome() {
    const start = make('button', { type: 'button', className: 'primary', textContent: 'Start a demo group' });
    start.onclick = () => this.dispatchEvent(new CustomEvent('start-demo'));
    return [
      make('h2', { textContent: 'One number. Everybody gets the text.' }),
      make('p', {
        textContent:
          '“Start a demo group” sets up five phones, makes a group of them, and lets Alice answer YES to the text that ' +
          'asks her. From then on, whatever one of them texts to the group’s number reaches the other four.',
      }),
      start,
      this.#byHand,
    ];
  }

  #steps() {
    const done = this.#told.at(-1)?.step;
    const list = make('ol', { className: 'steps' });
    for (const { step, message } of done === 'ready' ? this.#told.slice(-1) : this.#told) {
      const isLast = step === done;
      const state = step === 'failed' ? 'failed' : isLast && step !== 'ready' ? 'now' : 'done';
      list.append(make('li', { textContent: message, dataset: { state } }));
    }
    const bar = make('progress', { max: steps.length, value: steps.indexOf(done) + 1 });
    bar.ariaLabel = 'Steps of the demo group';
    if (done === 'failed') return [list, bar, this.#close()];
    return done === 'ready' ? [list, this.#tries(), this.#close()] : [list, bar];
  }

  #hint() {
    const words = 'Type a text on any phone: everybody in its group gets it.';
    return make('div', {}, make('p', { textContent: words }), this.#tries());
  }

  /** Buttons that type on the first phone, to the group that it is in. */
  #tries() {
    const words = tries.map((word) => {
      const button = make('button', { type: 'button', className: 'word', textContent: word });
      button.ariaLabel = `Type ${word} on the first phone`;
      button.onclick = () => {
        const [phone] = this.#store.open;
        if (phone) this.#phones.type(phone, word);
      };
      return button;
    });
    return make(
      'p',
      { className: 'tries' },
      'Then try ',
      ...words.flatMap((word) => [word, ' ']),
      'or ',
      this.#calls(),
    );
  }

  /** Opens the reference of the API, logged in as the first phone. */
  #calls() {
    const button = make('button', { type: 'button', className: 'word', textContent: 'the API' });
    button.ariaLabel = 'Try the calls of the API as the first phone';
    button.onclick = async () => {
      const [phone] = this.#store.open;
      if (!phone) return;
      // At once: one that is opened later is taken for an advertisement.
      const opened = window.open('about:blank');
      try {
        const { address } = await ask('POST', '/demo/session', { phone });
        if (opened) opened.location.replace(address);
      } catch (error) {
        opened?.close();
        showError(error);
      }
    };
    return button;
  }

  #close() {
    const close = make('button', { type: 'button', className: 'icon', title: 'Close', textContent: '×' });
    close.ariaLabel = 'Close the guide';
    close.onclick = () => {
      this.#told = [];
      localStorage.setItem(seen, '1');
      this.#show('', []);
    };
    return close;
  }
}

customElements.define('guide-panel', GuidePanel);
