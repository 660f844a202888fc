import { make, sayMoney, sayTime } from './format.js';
import { sourceOf } from './picture.js';

/** What a bubble's tick says, and its mark. */
const states = {
  sending: ['…', 'on its way to the service'],
  taken: ['✓', 'the service took it'],
  refused: ['!', 'the service did not take it'],
  arrived: ['✓', 'arrived'],
  heard: ['☎', 'heard on a call, not a text'],
  pushed: ['🔔', 'an alert of the app, not a text'],
  sent: ['✓', 'arrived; the service knows that it was sent'],
  delivered: ['✓✓', 'arrived; the service knows that it was delivered'],
  read: ['✓✓', 'arrived; the service knows that it was read'],
};

/** A text on the screen: its words and pictures, when, how far it came, and what the carrier charges for it. */
export function drawBubble(bubble, isNew) {
  const { way, state, text, media, at } = bubble;
  return make(
    'li',
    { className: isNew ? 'new' : '', dataset: { way, state } },
    text ? make('p', { textContent: text }) : undefined,
    ...media.map(drawMedia),
    make('small', {}, make('time', { textContent: sayTime(at) }), ' ', drawTick(bubble)),
    drawCharge(bubble),
  );
}

function drawTick({ state, spread }) {
  const [mark, meaning] = states[state] ?? ['', state];
  const known = state === 'taken' && spread ? saySpread(spread) : undefined;
  const tick = make('span', { className: 'tick', title: known?.meaning ?? meaning });
  tick.append(
    make('span', { ariaHidden: 'true', textContent: known ? known.mark : mark }),
    make('span', { className: known ? '' : 'unseen', textContent: known ? ` ${known.meaning}` : meaning }),
  );
  return tick;
}

/** "3 of 4 delivered": of the phones that the carrier was asked to reach. */
function saySpread({ to, delivered, failed }) {
  const mark = delivered === to ? '✓✓' : failed > 0 && delivered + failed === to ? '!' : '✓';
  return { mark, meaning: `${delivered} of ${to} delivered${failed > 0 ? `, ${failed} failed` : ''}` };
}

function drawCharge({ units, dollars, spread, media }) {
  if (units === undefined) return undefined;
  const size = media.length > 0 ? 'MMS' : `${units} ${units === 1 ? 'segment' : 'segments'}`;
  const copies = spread?.dollars ?? 0;
  const title =
    copies > 0
      ? `The carrier charges ${sayMoney(dollars)} for the text and ${sayMoney(copies)} for its copies.`
      : `The carrier charges ${sayMoney(dollars)} for it.`;
  return make('small', { className: 'charge', title, textContent: `${size} · ${sayMoney(dollars + copies)}` });
}

function drawMedia(address, at) {
  const source = sourceOf(address);
  const name = `Picture ${at + 1}`;
  if (source === undefined) return make('span', { className: 'media', textContent: `Picture at ${address}` });
  const image = make('img', { src: source, alt: name, loading: 'lazy' });
  image.onerror = () => image.replaceWith(make('span', { className: 'media', textContent: `${name} is gone` }));
  return make('a', { className: 'media', href: source, target: '_blank', rel: 'noreferrer' }, image);
}
