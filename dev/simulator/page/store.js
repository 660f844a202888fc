import { sayNumber } from './format.js';
import { groupNamedIn } from './thread-name.js';

/**
 * What the page knows: handsets with their bubbles, the numbers met so far, which phones lie open, what is unread.
 * Tells about changes as events: `handsets`, `bubble`, `numbers`, `blocks`, `demo`, `line`.
 */
export class Store extends EventTarget {
  handsets = new Map();
  numbers = new Map();
  open = new Set();
  unread = new Map();
  /** Pairs of a number and a phone that the carrier blocks. */
  blocks = [];
  /** Phones that are in sight: what comes there is read. */
  inSight = new Set();
  #source;

  /** Listens for good; after each new connection the whole state is read again, so that nothing is missed. */
  listen() {
    this.#source = new EventSource('/events?handsets');
    this.#source.onopen = () => this.#load();
    this.#source.onerror = () => this.#tell('line', 'lost');
    this.#on('bubble', ({ phone, bubble }) => this.#take(phone, bubble));
    this.#on('handset', (handset) => this.#meet(handset));
    this.#on('gone', ({ phone }) => this.#forget(phone));
    this.#on('numbers', (numbers) => this.#learn(numbers));
    this.#on('blocks', (blocks) => this.#block(blocks));
    this.#on('demo', (step) => this.#tell('demo', step));
  }

  get serviceNumber() {
    return [...this.numbers].find(([, label]) => label === 'Service number')?.[0];
  }

  /** What a handset calls a conversation: the group as its texts name it last, since one number can stand for several. */
  threadName(phone, peer) {
    const label = this.numbers.get(peer);
    if (peer === this.serviceNumber) return label;
    const bubbles = [...(this.handsets.get(phone)?.bubbles.values() ?? [])];
    const naming = bubbles.findLast(
      ({ way, ...each }) => way === 'in' && each.peer === peer && groupNamedIn(each.text),
    );
    return naming ? groupNamedIn(naming.text) : label || sayNumber(peer);
  }

  blockOf(phone, number) {
    return this.blocks.find((block) => block.phone === phone && block.number === number);
  }

  toggle(phone, open = !this.open.has(phone)) {
    if (open) this.open.add(phone);
    else this.open.delete(phone);
    this.#tell('handsets');
  }

  read(phone) {
    if (this.unread.delete(phone)) this.#tell('handsets');
  }

  #on(name, take) {
    this.#source.addEventListener(name, (event) => take(JSON.parse(event.data)));
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  async #load() {
    const { handsets, numbers, blocks } = await ask('GET', '/handsets');
    this.blocks = blocks;
    const known = new Set(handsets.map(({ phone }) => phone));
    for (const phone of this.handsets.keys()) if (!known.has(phone)) this.handsets.delete(phone);
    this.#learn(numbers);
    for (const handset of handsets) this.#meet(handset);
    this.#tell('handsets');
    this.#tell('line', 'live');
  }

  #meet({ phone, name, bubbles }) {
    const isNew = !this.handsets.has(phone);
    this.handsets.set(phone, { phone, name, bubbles: new Map(bubbles.map((bubble) => [bubble.id, bubble])) });
    if (isNew && this.open.size < mostOpenAtOnce) this.open.add(phone);
    this.#tell('handsets', phone);
  }

  #forget(phone) {
    this.handsets.delete(phone);
    this.open.delete(phone);
    this.unread.delete(phone);
    this.#tell('handsets');
  }

  #take(phone, bubble) {
    const handset = this.handsets.get(phone);
    if (!handset) return;
    const isNew = !handset.bubbles.has(bubble.id);
    handset.bubbles.set(bubble.id, bubble);
    if (isNew && bubble.way === 'in' && !this.inSight.has(phone))
      this.unread.set(phone, (this.unread.get(phone) ?? 0) + 1);
    this.#tell('bubble', { phone, bubble, isNew });
    if (isNew) this.#tell('handsets');
  }

  #block(blocks) {
    if (JSON.stringify(blocks) === JSON.stringify(this.blocks)) return;
    this.blocks = blocks;
    this.#tell('blocks');
  }

  #learn(numbers) {
    this.numbers = new Map(numbers.map(({ number, label }) => [number, label]));
    this.#tell('numbers');
  }
}

/** Phones that open by themselves; the others wait in the list. */
const mostOpenAtOnce = 8;

/** Asks the simulator; throws an Error with its own words where it refuses. */
export async function ask(method, path, body) {
  const init =
    method === 'POST' ? { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) } : {};
  const answer = await fetch(path, { method, ...init });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error ?? `HTTP ${answer.status}`);
  return said;
}

export function showError(error) {
  dispatchEvent(new CustomEvent('trouble', { detail: error.message }));
}
