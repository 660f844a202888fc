import { make, sayNumber } from './format.js';
import './guide-panel.js';
import './handset-list.js';
import { showError } from './handset-phone.js';
import { ask, Store } from './store.js';

const store = new Store();
const find = (id) => document.getElementById(id);
const phones = new Map();

document.querySelector('guide-panel').start(store);
document.querySelector('handset-list').start(store);
store.addEventListener('handsets', layOut);
store.addEventListener('bubble', ({ detail }) => phones.get(detail.phone)?.take(detail.bubble, detail.isNew));
store.addEventListener('numbers', () => {
  find('numbers').replaceChildren(
    ...[...store.numbers].map(([number, label]) =>
      make('option', { value: sayNumber(number), label: label || 'a group' }),
    ),
  );
  for (const phone of phones.values()) phone.refresh();
});
store.addEventListener('line', ({ detail }) => {
  find('line').dataset.state = detail;
  find('line').textContent = detail === 'live' ? 'live' : 'the simulator is away; trying again …';
});
addEventListener('trouble', ({ detail }) => showTrouble(detail));
store.listen();

const sight = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) store.inSight.delete(target.phone);
      else {
        store.inSight.add(target.phone);
        store.read(target.phone);
      }
    }
  },
  { threshold: 0.4 },
);

/** The open phones, in the order in which their handsets came; `news`: a handset that was told of anew. */
function layOut({ detail: news }) {
  for (const [phone, element] of phones) {
    const isSame = store.handsets.get(phone)?.name === element.owner;
    if (store.open.has(phone) && isSame) continue;
    sight.unobserve(element);
    store.inSight.delete(phone);
    element.remove();
    phones.delete(phone);
  }
  let last;
  for (const handset of store.handsets.values()) {
    if (!store.open.has(handset.phone)) continue;
    const element = phones.get(handset.phone) ?? addPhone(handset, last);
    if (handset.phone === news) element.refresh();
    last = element;
  }
}

function addPhone(handset, before) {
  const element = document.createElement('handset-phone');
  element.start(store, handset);
  phones.set(handset.phone, element);
  if (before) before.after(element);
  else find('phones').prepend(element);
  sight.observe(element);
  return element;
}

find('demo').onclick = startDemo;
document.querySelector('guide-panel').addEventListener('start-demo', startDemo);
async function startDemo() {
  find('demo').disabled = true;
  await ask('POST', '/demo/group').catch(showError);
  find('demo').disabled = false;
}

const names = ['Frank', 'Grace', 'Heidi', 'Ivan', 'Judy', 'Kim', 'Leo', 'Mia', 'Niko', 'Olga', 'Pat', 'Quinn', 'Rosa'];
find('add').onclick = () => {
  const { name, phone } = find('adding-form').elements;
  const taken = new Set([...store.handsets.values()].map((handset) => handset.name));
  name.value = names.find((each) => !taken.has(each)) ?? `Phone ${store.handsets.size + 1}`;
  phone.value = freeNumber();
  find('adding').showModal();
  name.select();
};
find('adding-cancel').onclick = () => find('adding').close();
find('adding-form').onsubmit = async (event) => {
  event.preventDefault();
  const { name, phone } = event.target.elements;
  try {
    const added = await ask('POST', '/handsets', { name: name.value, phone: phone.value });
    find('adding').close();
    store.toggle(added.phone, true);
    phones.get(added.phone)?.write();
  } catch (error) {
    phone.setCustomValidity(error.message);
    phone.reportValidity();
    phone.oninput = () => phone.setCustomValidity('');
  }
};

/** Numbers that are kept for stories: 212-555-01xx. */
function freeNumber() {
  for (let last = 106; last < 200; last += 1) {
    const number = `+12125550${last}`;
    if (!store.handsets.has(number)) return sayNumber(number);
  }
  return '';
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
