import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Bubble, Handset } from './bubble.ts';
import type { Answered, Call } from './calls.ts';
import { openCopies } from './copies.ts';
import type { Events } from './events.ts';
import type { Heard, Said } from './inbound.ts';
import type { Text, TextLog } from './log.ts';
import type { Reported } from './reports.ts';

export type Handsets = ReturnType<typeof openHandsets>;
/** A number of the service that somebody here has met, with the name of what is behind it. */
type Known = { number: string; label: string };
type Charged = Pick<Text, 'from' | 'to' | 'text' | 'media'>;

const mostHandsets = 200;
const mostBubbles = 200;

/** The virtual handsets and what is on their screens. Names and numbers survive a restart in `stateFile`. */
export function openHandsets(options: {
  stateFile?: string;
  log: TextLog;
  events: Events;
  known: Known[];
  chargeFor: (text: Charged) => { units: number; dollars: number };
}) {
  const { log, events, stateFile, chargeFor } = options;
  const copies = openCopies();
  const handsets = new Map<string, Handset>();
  const numbers = new Map<string, string>();
  let own = 0;

  const saved = readState(stateFile);
  for (const { number, label } of [...saved.numbers, ...options.known]) numbers.set(number, label);
  for (const { phone, name } of saved.handsets) handsets.set(phone, { phone, name, bubbles: [] });

  function save(): void {
    if (stateFile === undefined) return;
    const list = [...handsets.values()].map(({ phone, name }) => ({ phone, name }));
    writeFileSync(`${stateFile}.new`, JSON.stringify({ handsets: list, numbers: known() }));
    renameSync(`${stateFile}.new`, stateFile);
  }

  function known(): Known[] {
    return [...numbers].map(([number, label]) => ({ number, label }));
  }

  function learn(number: string, label = ''): void {
    if (numbers.has(number) && label === '') return;
    numbers.set(number, label);
    events.publish('handsets', 'numbers', known());
    save();
  }

  function show(handset: Handset, bubble: Bubble): void {
    const at = handset.bubbles.findLastIndex(({ id }) => id === bubble.id);
    if (at >= 0) handset.bubbles[at] = bubble;
    else handset.bubbles.push(bubble);
    if (handset.bubbles.length > mostBubbles) handset.bubbles.shift();
    events.publish('handsets', 'bubble', { phone: handset.phone, bubble });
  }

  function change(phone: string, id: string, to: Partial<Bubble>): void {
    const handset = handsets.get(phone);
    const bubble = handset?.bubbles.findLast((each) => each.id === id);
    if (handset && bubble) show(handset, { ...bubble, ...to });
  }

  function noticeCopy(text: Text, state: string): void {
    const noticed = copies.noticed(text, state, (copy) => chargeFor(copy).dollars);
    if (noticed) change(noticed.phone, noticed.id, { spread: noticed.spread });
  }

  function received(text: Text): Bubble {
    const { uuid, from, media, at } = text;
    return { id: uuid, way: 'in', peer: from, text: text.text, media, at, state: 'arrived', ...chargeFor(text) };
  }

  return {
    learn,
    snapshot: () => ({ handsets: [...handsets.values()], numbers: known() }),
    has: (phone: string): boolean => handsets.has(phone),
    /** Adds a handset, or gives it another name; undefined when there are too many already. */
    add({ phone, name }: { phone: string; name: string }): Handset | undefined {
      if (!handsets.has(phone) && handsets.size >= mostHandsets) return undefined;
      const earlier = log.to(phone).slice(-mostBubbles).map(received);
      const handset = { phone, name, bubbles: handsets.get(phone)?.bubbles ?? earlier };
      handsets.set(phone, handset);
      events.publish('handsets', 'handset', handset);
      save();
      return handset;
    },
    remove(phone: string): void {
      handsets.delete(phone);
      events.publish('handsets', 'gone', { phone });
      save();
    },
    arrived(text: Text): void {
      noticeCopy(text, 'arrived');
      const handset = handsets.get(text.to);
      if (!handset) return;
      learn(text.from);
      show(handset, received(text));
    },
    /** The app on a handset shows an alert; false where there is no such handset. */
    pushed({ to, from, text }: Said): boolean {
      const handset = handsets.get(to);
      if (!handset) return false;
      own += 1;
      const at = Date.now();
      show(handset, { id: `push-${own}`, way: 'in', peer: from, text, media: [], at, state: 'pushed' });
      return true;
    },
    /** Shows a handset what its owner heard. */
    called({ from, to }: Call, { said, dialled }: Answered): void {
      const handset = handsets.get(from);
      if (!handset) return;
      own += 1;
      const rang = dialled === undefined ? '' : `${dialled.to} rang.`;
      const text = [rang, said].filter(Boolean).join(' ') || 'The call could not be answered.';
      show(handset, { id: `call-${own}`, way: 'in', peer: to, text, media: [], at: Date.now(), state: 'heard' });
    },
    reported({ text, status, answered }: Reported): void {
      if (answered < 200 || answered > 299) return;
      noticeCopy(text, status);
      const bubble = handsets.get(text.to)?.bubbles.findLast(({ id }) => id === text.uuid);
      if (bubble && bubble.state !== 'delivered') change(text.to, text.uuid, { state: status });
    },
    /** Shows a handset's own text while it is under way; the function that comes back shows what became of it. */
    saying({ from, to, text, media = [] }: Said): (heard: Heard) => void {
      const handset = handsets.get(from);
      if (!handset) return () => {};
      own += 1;
      const id = `own-${own}`;
      const charge = chargeFor({ from: to, to: from, text, media });
      const bubble: Bubble = { id, way: 'out', peer: to, text, media, at: Date.now(), state: 'sending', ...charge };
      show(handset, bubble);
      copies.said({ phone: from, name: handset.name, bubble });
      return ({ status }) => change(from, id, { state: status >= 200 && status < 300 ? 'taken' : 'refused' });
    },
  };
}

function readState(file: string | undefined): { handsets: Omit<Handset, 'bubbles'>[]; numbers: Known[] } {
  if (file === undefined || !existsSync(file)) return { handsets: [], numbers: [] };
  const { handsets = [], numbers = [] } = JSON.parse(readFileSync(file, 'utf8')) as Partial<
    ReturnType<typeof readState>
  >;
  return { handsets, numbers };
}
