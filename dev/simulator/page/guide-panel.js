import { make } from './format.js';

const seen = 'guide-closed';
const steps = ['creating', 'created', 'answered', 'ready'];

/** Says what to do next: an invitation while there is nobody, the steps of a demo group, then what to try. */
export class GuidePanel extends HTMLElement {
  #store;
  #told = [];

  start(store) {
    this.#store = store;
    store.addEventListener('demo', ({ detail }) => this.#follow(detail));
    store.addEventListener('handsets', () => this.#told.length === 0 && this.#draw());
    store.addEventListener('numbers', () => this.#told.length === 0 && this.#draw());
  }

  #follow({ step, message }) {
    if (step === 'creating') this.#told = [];
    this.#told.push({ step, message });
    this.#draw();
  }

  #draw() {
    const { handsets, numbers } = this.#store;
    const hasGroup = [...numbers.values()].some((label) => label !== '' && label !== 'Service number');
    if (this.#told.length > 0) this.#show('steps', this.#steps());
    else if (handsets.size === 0) this.#show('welcome', this.#welcome());
    else if (hasGroup && !localStorage.getItem(seen)) this.#show('hint', [this.#hint(), this.#close()]);
    else if (!hasGroup && !localStorage.getItem(seen)) this.#show('hint', [this.#noGroup(), this.#close()]);
    else this.#show('', []);
  }

  #show(kind, content) {
    if (kind !== 'steps' && this.dataset.kind === kind) return;
    this.dataset.kind = kind;
    this.hidden = kind === '';
    this.replaceChildren(...content);
  }

  #welcome() {
    return [
      make('h2', { textContent: 'One number. Everybody gets the text.' }),
      make('p', {
        textContent:
          '“Start a demo group” sets up five phones, makes a group of them, and lets Alice answer YES to the text that ' +
          'asks her. From then on, whatever one of them texts to the group’s number reaches the other four.',
      }),
      make(
        'ol',
        {},
        make('li', { textContent: 'Start a demo group.' }),
        make('li', { textContent: 'Watch the welcome texts arrive.' }),
        make('li', { textContent: 'Type a text on any phone.' }),
      ),
      this.#start(),
    ];
  }

  #start() {
    const start = make('button', { type: 'button', className: 'primary', textContent: 'Start a demo group' });
    start.onclick = () => this.dispatchEvent(new CustomEvent('start-demo'));
    return start;
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
    if (done !== 'ready' && done !== 'failed') return [list, bar];
    return [list, ...(done === 'ready' ? [this.#tries()] : []), this.#close()];
  }

  #hint() {
    return make(
      'div',
      {},
      make('p', { textContent: 'Type a text on any handset: everybody in its group gets it.' }),
      this.#tries(),
    );
  }

  #noGroup() {
    return make('p', {
      textContent: 'No group yet. “Start a demo group” makes one, or text a group’s number from a handset.',
    });
  }

  #tries() {
    const words = ['*who', '*help', '*bye', 'STOP'].map((word) => make('code', { textContent: word }));
    return make(
      'p',
      { className: 'tries' },
      'Then try ',
      ...words.flatMap((word) => [word, ' ']),
      '– or start a second group.',
    );
  }

  #close() {
    const close = make('button', { type: 'button', className: 'icon', title: 'Close', textContent: '×' });
    close.ariaLabel = 'Close this hint';
    close.onclick = () => {
      this.#told = [];
      localStorage.setItem(seen, '1');
      this.#show('', []);
    };
    return close;
  }
}

customElements.define('guide-panel', GuidePanel);
