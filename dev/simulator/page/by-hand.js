import { make, sayNumber } from './format.js';
import { ask, showError } from './store.js';

const people = ['Alice', 'Bob', 'Carol', 'Dave', 'Erin'].map((name, at) => ({ name, phone: `+1212555010${at + 1}` }));

/** How a group is founded by texts alone, without this page's button; each step types its text on the first phone. */
export function foundByHand(store, phones) {
  const list = make('ol');
  const block = make(
    'details',
    { className: 'by-hand' },
    make('summary', { textContent: 'Found a group by hand, by texts alone' }),
    list,
  );
  block.addEventListener('toggle', draw);
  for (const change of ['handsets', 'numbers']) store.addEventListener(change, () => block.open && draw());

  function draw() {
    const [founder, ...others] = store.handsets.values();
    if (others.length < 2) {
      const setOut = make('button', { type: 'button', textContent: 'Set out five phones' });
      setOut.onclick = () => Promise.all(people.map((each) => ask('POST', '/handsets', each))).catch(showError);
      list.replaceChildren(make('li', {}, 'A group needs phones. ', setOut));
      return;
    }
    const service = store.serviceNumber;
    if (service === undefined) {
      list.replaceChildren(make('li', { textContent: 'This service has no number of its own (SERVICE_NUMBER).' }));
      return;
    }
    const named = others.slice(0, 4).map(({ name, phone }) => `${name} ${sayNumber(phone)}`);
    const step = (says, text, to) => {
      const type = make('button', { type: 'button', className: 'word', textContent: text });
      type.ariaLabel = `Type on ${founder.name}'s phone: ${text}`;
      type.onclick = () => phones.type(founder.phone, text, to);
      return make('li', {}, `${says} `, type);
    };
    list.replaceChildren(
      step(`${founder.name} texts to ${sayNumber(service)}:`, '*new Hikers', service),
      step('Then who is to be in it, a line each:', named.join('\n'), service),
      step('Then:', '*done', service),
      step('The new group’s number asks; its conversation comes to the front. The answer:', 'YES'),
      step(`The others see a number in front of what ${founder.name} says, until:`, `*name ${founder.name}`),
    );
  }
  return block;
}
