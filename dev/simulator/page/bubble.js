import { make, sayTime } from './format.js';

/** What a bubble's tick says, and its mark. */
const states = {
  sending: ['…', 'on its way to the service'],
  taken: ['✓', 'the service took it'],
  refused: ['!', 'the service did not take it'],
  arrived: ['✓', 'arrived'],
  pushed: ['🔔', 'an alert of the app, not a text'],
  sent: ['✓', 'arrived; the service knows that it was sent'],
  delivered: ['✓✓', 'arrived; the service knows that it was delivered'],
};

/** A text on the screen, with its time and what is known of it. */
export function drawBubble({ way, state, text, media, at }, isNew) {
  const [mark, meaning] = states[state] ?? ['', state];
  const tick = make('span', { className: 'tick', textContent: mark, title: meaning });
  tick.ariaLabel = meaning;
  return make(
    'li',
    { className: isNew ? 'new' : '', dataset: { way, state } },
    text ? make('p', { textContent: text }) : undefined,
    ...media.map((address) => make('span', { className: 'media', textContent: `🖼 ${address}` })),
    make('small', {}, make('time', { textContent: sayTime(at) }), ' ', tick),
  );
}
