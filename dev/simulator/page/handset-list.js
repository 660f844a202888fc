import { hueOf, make, sayNumber } from './format.js';

/** All handsets in short: who, the last text, what is unread. A click opens or puts away; typing filters. */
export class HandsetList extends HTMLElement {
  #store;
  #rows = new Map();
  #list = make('ul');
  #filter = make('input', { type: 'search', placeholder: 'Find a handset', autocomplete: 'off' });

  start(store) {
    this.#store = store;
    this.#filter.ariaLabel = 'Find a handset';
    this.#filter.oninput = () => this.draw();
    this.#list.ariaLabel = 'Handsets';
    this.#list.onkeydown = (event) => this.#goAlong(event);
    this.append(this.#filter, this.#list);
    store.addEventListener('handsets', () => this.#soon());
  }

  #waiting = false;
  /** Many texts at once make one drawing. */
  #soon() {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.draw();
    });
  }

  draw() {
    const { handsets } = this.#store;
    const wanted = this.#filter.value.trim().toLowerCase();
    this.hidden = handsets.size === 0;
    this.#filter.hidden = handsets.size < 9;
    this.classList.toggle('idle', handsets.size < 9 && this.#store.open.size === handsets.size);
    for (const [phone, row] of this.#rows) {
      if (handsets.has(phone)) continue;
      row.remove();
      this.#rows.delete(phone);
    }
    for (const handset of handsets.values()) {
      const row = this.#rows.get(handset.phone) ?? this.#newRow(handset);
      row.hidden = !`${handset.name} ${handset.phone}`.toLowerCase().includes(wanted);
      this.#fill(row, handset);
    }
  }

  #newRow({ phone, name }) {
    const button = make(
      'button',
      { type: 'button' },
      make('span', {
        className: 'face',
        ariaHidden: 'true',
        textContent: [...name][0]?.toUpperCase() ?? '?',
        style: { '--hue': hueOf(name) },
      }),
      make('span', { className: 'name', textContent: name }),
      make('span', { className: 'last' }),
      make('span', { className: 'badge' }),
    );
    button.title = sayNumber(phone);
    button.onclick = () => this.#pick(phone);
    const row = make('li', {}, button);
    this.#rows.set(phone, row);
    this.#list.append(row);
    return row;
  }

  #fill(row, { phone, bubbles }) {
    const button = row.firstElementChild;
    const last = [...bubbles.values()].at(-1)?.text ?? 'no texts yet';
    const unread = this.#store.unread.get(phone) ?? 0;
    button.ariaExpanded = String(this.#store.open.has(phone));
    button.querySelector('.last').textContent = last;
    const badge = button.querySelector('.badge');
    badge.hidden = unread === 0;
    const count = unread > 99 ? '99+' : String(unread);
    badge.replaceChildren(count, make('span', { className: 'unseen', textContent: ' unread' }));
  }

  /** Arrows go along the list. */
  #goAlong(event) {
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    const rows = [...this.#list.querySelectorAll('li:not([hidden]) button')];
    const next = rows[rows.indexOf(event.target.closest('button')) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  /** Opens a handset and goes there; one that lies in front already is put away. */
  #pick(phone) {
    const isNarrow = matchMedia('(max-width: 760px)').matches;
    this.#store.toggle(phone, isNarrow ? true : undefined);
    if (!this.#store.open.has(phone)) return;
    this.#store.read(phone);
    const opened = document.getElementById(`phone-${phone}`);
    opened?.scrollIntoView({ behavior: 'smooth', block: 'nearest', inline: 'center' });
    if (!isNarrow) opened?.write();
  }
}

customElements.define('handset-list', HandsetList);
