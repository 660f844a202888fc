import { drawBubble } from './bubble.js';
import { hueOf, make, sayNumber } from './format.js';
import { hintsFor } from './hints.js';
import { ask, showError } from './store.js';
import './text-composer.js';
import './thread-bar.js';

/** One phone: its conversations, the bubbles of the chosen one, and a line to type a text to any number. */
export class HandsetPhone extends HTMLElement {
  #store;
  #phone;
  #peer;
  #bubbles = new Map();
  #unread = new Set();
  #threads = make('thread-bar');
  #notice = make('p', { className: 'notice', hidden: true });
  #list = make('ol');
  #log = make('div', { className: 'log', tabIndex: 0 }, this.#list);
  #composer = make('text-composer');
  #isAtEnd = true;
  #size = '';
  /** The screen or what is on it changed its size, as when a picture has come: the end stays in sight. */
  #sizes = new ResizeObserver(() => {
    this.#size = this.#sizeNow;
    if (this.#isAtEnd) this.#scrollToEnd();
  });

  /** The name it was drawn with. */
  owner = '';

  connectedCallback() {
    for (const part of [this.#log, this.#list]) this.#sizes.observe(part);
  }

  disconnectedCallback() {
    this.#sizes.disconnect();
  }

  /** Shows this handset; `store` tells of whatever happens to it. */
  start(store, handset) {
    this.#store = store;
    this.#phone = handset.phone;
    this.owner = handset.name;
    this.id = `phone-${handset.phone}`;
    this.#build(handset);
    this.#choose(this.#all.at(-1)?.peer ?? store.serviceNumber);
    this.refresh();
  }

  /** Draws the conversations and the chosen one anew. */
  refresh() {
    if (!this.#peer) this.#choose(this.#store.serviceNumber);
    this.#drawAround();
    this.#list.replaceChildren();
    this.#bubbles.clear();
    for (const bubble of this.#all) if (bubble.peer === this.#peer) this.#draw(bubble);
    this.#scrollToEnd();
  }

  /** A new bubble, or news of one. A conversation that begins comes to the front, unless something is being written. */
  take(bubble, isNew) {
    const { peer, way } = bubble;
    const begins = isNew && this.#all.filter((each) => each.peer === peer).length === 1;
    const comesUp = way === 'out' || !this.#hasTexts || (begins && !this.#composer.isWriting);
    if (isNew && peer !== this.#peer && comesUp) {
      this.#choose(peer);
      return this.refresh();
    }
    if (isNew && way === 'in' && peer !== this.#peer) this.#unread.add(peer);
    if (isNew && way === 'out') this.#isAtEnd = true;
    if (peer === this.#peer) this.#draw(bubble, isNew);
    if (isNew) this.#drawAround();
    if (peer === this.#peer && this.#isAtEnd) this.#scrollToEnd();
  }

  write() {
    this.#composer.write();
  }

  /** Types a text, in the conversation with `to` where that is named. */
  type(text, to = this.#peer) {
    if (to && to !== this.#peer) {
      this.#choose(to);
      this.refresh();
    }
    this.#composer.type(text);
  }

  get phone() {
    return this.#phone;
  }

  get #all() {
    return [...(this.#store.handsets.get(this.#phone)?.bubbles.values() ?? [])];
  }

  get #sizeNow() {
    return `${this.#log.scrollHeight} ${this.#log.clientHeight}`;
  }

  get #hasTexts() {
    return this.#bubbles.size > 0;
  }

  #build({ name, phone }) {
    this.#log.ariaLabel = `${name}'s texts`;
    this.#log.role = 'log';
    this.#log.onscroll = () => {
      // Not by a hand: the size has changed, and its observer is told next.
      if (this.#sizeNow !== this.#size) return;
      this.#isAtEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 80;
    };
    this.#threads.role = 'group';
    this.#threads.ariaLabel = `${name}'s conversations`;
    this.#threads.addEventListener('turn', ({ detail }) => this.#turnTo(detail));
    this.#threads.addEventListener('call', () =>
      ask('POST', '/handsets/call', { from: phone, to: this.#peer }).catch(showError),
    );
    this.#composer.start({ name, phone });
    this.#composer.addEventListener('readdress', ({ detail }) => detail && this.#turnTo(detail));
    this.addEventListener('focusin', () => this.#store.read(phone));
    const face = make('span', {
      className: 'face',
      ariaHidden: 'true',
      textContent: [...name][0]?.toUpperCase() ?? '?',
      style: { '--hue': hueOf(name) },
    });
    const who = make(
      'div',
      { className: 'who' },
      make('h2', { textContent: name }),
      make('span', { className: 'number', textContent: sayNumber(phone) }),
    );
    const close = iconButton('–', 'Put away', `Put ${name}'s phone away`);
    close.onclick = () => this.#store.toggle(phone, false);
    const remove = iconButton('×', 'Remove', `Remove ${name}'s phone`);
    remove.onclick = () => ask('DELETE', `/handsets?phone=${encodeURIComponent(phone)}`).catch(showError);
    const head = make('div', { className: 'head' }, face, who, close, remove);
    const parts = [head, this.#threads, this.#notice, this.#log, this.#composer];
    const screen = make('section', { className: 'screen' }, ...parts);
    screen.ariaLabel = `${name}'s phone, ${sayNumber(phone)}`;
    this.replaceChildren(screen);
  }

  /** What stands around the bubbles: conversations, what the carrier blocks, hints. */
  #drawAround() {
    const [store, phone] = [this.#store, this.#phone];
    const peers = [...new Set(this.#all.reverse().map(({ peer }) => peer))];
    const threads = peers.map((peer) => ({
      peer,
      name: store.threadName(phone, peer),
      isUnread: this.#unread.has(peer),
      isBlocked: store.blockOf(phone, peer) !== undefined,
    }));
    this.#threads.draw(threads, this.#peer);
    const block = store.blockOf(phone, this.#peer);
    this.#notice.hidden = block === undefined;
    if (block) this.#notice.textContent = sayBlock(block);
    const bubbles = this.#all.filter(({ peer }) => peer === this.#peer);
    const isService = this.#peer === store.serviceNumber;
    this.#composer.suggest(hintsFor({ bubbles, isBlocked: block !== undefined, isService }));
  }

  #turnTo(peer) {
    this.#choose(peer);
    this.refresh();
    this.#composer.write();
  }

  #choose(peer) {
    this.#peer = peer;
    this.#composer.address(peer);
    this.#unread.delete(peer);
  }

  #draw(bubble, isNew = false) {
    const drawn = drawBubble(bubble, isNew);
    this.#bubbles.get(bubble.id)?.replaceWith(drawn);
    if (!this.#bubbles.has(bubble.id)) this.#list.append(drawn);
    this.#bubbles.set(bubble.id, drawn);
  }

  #scrollToEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }
}

function iconButton(mark, title, label) {
  const button = make('button', { type: 'button', className: 'icon', title, textContent: mark });
  button.ariaLabel = label;
  return button;
}

function sayBlock({ campaign }) {
  const whose = campaign === null ? 'this number' : `all numbers of campaign ${campaign}`;
  return `STOP: the carrier lets no text from ${whose} through to this phone. START ends that.`;
}

customElements.define('handset-phone', HandsetPhone);
