import { drawBubble } from './bubble.js';
import { hueOf, make, readNumber, sayNumber } from './format.js';
import { ask } from './store.js';

/** One phone: its conversations, the bubbles of the chosen one, and a line to type a text to any number. */
export class HandsetPhone extends HTMLElement {
  #store;
  #phone;
  #peer;
  #bubbles = new Map();
  #threads = make('div', { className: 'threads' });
  #log = make('ol', { className: 'log', tabIndex: 0 });
  #to = make('input', { name: 'to', required: true, inputMode: 'tel', autocomplete: 'off', placeholder: 'number' });
  #text = make('textarea', { name: 'text', rows: 1, maxLength: 1600, placeholder: 'Text message' });
  #unread = new Set();

  /** The name it was drawn with. */
  owner = '';

  connectedCallback() {
    if (this.#phone) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Shows this handset; `store` tells of whatever happens to it. */
  start(store, handset) {
    this.#store = store;
    this.#phone = handset.phone;
    this.owner = handset.name;
    this.id = `phone-${handset.phone}`;
    this.#build(handset);
    for (const bubble of handset.bubbles.values()) this.#choose(bubble.peer);
    this.refresh();
  }

  /** Draws the conversations and the chosen one anew. */
  refresh() {
    this.#drawThreads();
    this.#log.replaceChildren();
    this.#bubbles.clear();
    for (const bubble of this.#handset.bubbles.values()) if (bubble.peer === this.#peer) this.#draw(bubble);
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** A new bubble, or news of one. */
  take(bubble, isNew) {
    if (isNew && bubble.way === 'in' && bubble.peer !== this.#peer && this.#peer) this.#unread.add(bubble.peer);
    if (!this.#peer || (isNew && bubble.way === 'out' && bubble.peer !== this.#peer)) {
      this.#choose(bubble.peer);
      this.refresh();
      return;
    }
    if (isNew) this.#drawThreads();
    if (bubble.peer !== this.#peer) return;
    const atEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 80;
    this.#draw(bubble, isNew);
    if (isNew && (atEnd || bubble.way === 'out')) this.#log.scrollTop = this.#log.scrollHeight;
  }

  write() {
    (this.#to.value ? this.#text : this.#to).focus();
  }

  get phone() {
    return this.#phone;
  }

  get #handset() {
    return this.#store.handsets.get(this.#phone) ?? { bubbles: new Map() };
  }

  #build({ name, phone }) {
    const close = make('button', { type: 'button', className: 'icon', title: 'Put away', textContent: '–' });
    close.ariaLabel = `Put ${name}'s handset away`;
    close.onclick = () => this.#store.toggle(phone, false);
    const remove = make('button', { type: 'button', className: 'icon', title: 'Remove', textContent: '×' });
    remove.ariaLabel = `Remove ${name}'s handset`;
    remove.onclick = () => ask('DELETE', `/handsets?phone=${encodeURIComponent(phone)}`).catch(showError);
    this.#log.ariaLabel = `${name}'s texts`;
    this.#log.role = 'log';
    this.#to.ariaLabel = `${name} texts to`;
    this.#to.setAttribute('list', 'numbers');
    this.#to.onchange = () => this.#turnTo(readNumber(this.#to.value));
    this.#text.ariaLabel = `${name}'s text`;
    this.#text.onkeydown = (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    };
    this.addEventListener('focusin', () => this.#store.read(phone));

    const send = make('button', { type: 'submit', className: 'send', title: 'Send', textContent: '↑' });
    send.ariaLabel = `Send ${name}'s text`;
    const form = make(
      'form',
      { className: 'composer', noValidate: true },
      make('div', { className: 'to' }, make('span', { textContent: 'To', ariaHidden: 'true' }), this.#to),
      make('div', { className: 'entry' }, this.#text, send),
    );
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#send();
    };
    const head = make(
      'header',
      {},
      make('span', {
        className: 'face',
        ariaHidden: 'true',
        textContent: [...name][0]?.toUpperCase() ?? '?',
        style: { '--hue': hueOf(name) },
      }),
      make(
        'div',
        { className: 'who' },
        make('h2', { textContent: name }),
        make('span', { className: 'number', textContent: sayNumber(phone) }),
      ),
      close,
      remove,
    );
    const screen = make('section', { className: 'screen' }, head, this.#threads, this.#log, form);
    screen.ariaLabel = `${name}'s handset, ${sayNumber(phone)}`;
    this.replaceChildren(screen);
  }

  #drawThreads() {
    const peers = [...new Set([...this.#handset.bubbles.values()].map(({ peer }) => peer))];
    this.#threads.hidden = peers.length === 0;
    const pills = peers.map((peer) => {
      const pill = make('button', {
        type: 'button',
        textContent: this.#store.labelOf(peer) || sayNumber(peer),
        title: sayNumber(peer),
        dataset: this.#unread.has(peer) ? { unread: '' } : {},
      });
      pill.ariaPressed = String(peer === this.#peer);
      pill.onclick = () => this.#turnTo(peer);
      return pill;
    });
    const fresh = make('button', { type: 'button', title: 'Text another number', textContent: '+' });
    fresh.ariaLabel = 'Text another number';
    fresh.onclick = () => {
      this.#to.value = '';
      this.#to.focus();
    };
    this.#threads.replaceChildren(...pills, fresh);
    const chosen = this.#threads.querySelector('[aria-pressed=true]');
    if (chosen) this.#threads.scrollLeft = chosen.offsetLeft - this.#threads.offsetLeft - 12;
  }

  #turnTo(peer) {
    if (!peer) return;
    this.#choose(peer);
    this.refresh();
    this.#text.focus();
  }

  #choose(peer) {
    this.#peer = peer;
    this.#to.value = sayNumber(peer);
    this.#unread.delete(peer);
  }

  #draw(bubble, isNew = false) {
    const drawn = drawBubble(bubble, isNew);
    this.#bubbles.get(bubble.id)?.replaceWith(drawn);
    if (!this.#bubbles.has(bubble.id)) this.#log.append(drawn);
    this.#bubbles.set(bubble.id, drawn);
  }

  async #send() {
    const text = this.#text.value.trim();
    const to = readNumber(this.#to.value);
    this.#to.setCustomValidity(to ? '' : 'This is no phone number');
    if (!to) return this.#to.reportValidity();
    if (!text) return this.#text.focus();
    this.#text.value = '';
    try {
      await ask('POST', '/handsets/text', { from: this.#phone, to, text });
    } catch (error) {
      this.#text.value = text;
      showError(error);
    }
  }
}

export function showError(error) {
  dispatchEvent(new CustomEvent('trouble', { detail: error.message }));
}

customElements.define('handset-phone', HandsetPhone);
