import { openAdding } from './adding.js';
import './fault-panel.js';
import './flow-panel.js';
import { make, sayNumber } from './format.js';
import './guide-panel.js';
import './handset-list.js';
import { layOutPhones } from './phones.js';
import { ask, Store, showError } from './store.js';
import { joinSwitches } from './switches.js';

const store = new Store();
const find = (id) => document.getElementById(id);

const phones = layOutPhones(store, find('phones'));
openAdding(store, phones);
for (const panel of ['guide-panel', 'handset-list', 'flow-panel', 'fault-panel']) {
  document.querySelector(panel).start(store, phones);
}
joinSwitches(document.querySelectorAll('[data-opens]'));
store.addEventListener('numbers', () => {
  find('numbers').replaceChildren(
    ...[...store.numbers].map(([number, label]) =>
      make('option', { value: sayNumber(number), label: label || 'a group' }),
    ),
  );
});
store.addEventListener('line', ({ detail }) => {
  find('line').dataset.state = detail;
  find('line').textContent = detail === 'live' ? 'live' : 'the simulator is away; trying again …';
});
addEventListener('trouble', ({ detail }) => showTrouble(detail));
store.listen();

find('demo').onclick = startDemo;
find('guide').addEventListener('start-demo', startDemo);
async function startDemo() {
  find('demo').disabled = true;
  await ask('POST', '/demo/group').catch(showError);
  find('demo').disabled = false;
}

let hiding;
function showTrouble(message) {
  const toast = find('toast');
  toast.textContent = message;
  toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    toast.hidden = true;
  }, 8_000);
}

/** The carrier's own count, for those who look. */
async function count() {
  if (document.hidden) return;
  const { accepted, reports, webhookBase } = await ask('GET', '/stats').catch(() => ({}));
  if (accepted === undefined) return;
  const [texts, taken] = [accepted.toLocaleString(), reports.taken.toLocaleString()];
  find('counts').textContent =
    `Texts through the carrier simulator: ${texts}; reports that went back: ${taken}. Service: ${webhookBase}`;
}
count();
setInterval(count, 4_000);
