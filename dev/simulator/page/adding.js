import { sayNumber } from './format.js';
import { ask } from './store.js';

const names = ['Frank', 'Grace', 'Heidi', 'Ivan', 'Judy', 'Kim', 'Leo', 'Mia', 'Niko', 'Olga', 'Pat', 'Quinn', 'Rosa'];

/** The dialog that adds a phone. It suggests a name and a number that nobody has. */
export function openAdding(store, phones) {
  const dialog = document.getElementById('adding');
  const form = document.getElementById('adding-form');
  const { name, phone } = form.elements;

  document.getElementById('add').onclick = () => {
    const taken = new Set([...store.handsets.values()].map((handset) => handset.name));
    name.value = names.find((each) => !taken.has(each)) ?? `Phone ${store.handsets.size + 1}`;
    phone.value = freeNumber(store);
    dialog.showModal();
    name.select();
  };
  document.getElementById('adding-cancel').onclick = () => dialog.close();
  phone.oninput = () => phone.setCustomValidity('');
  form.onsubmit = async (event) => {
    event.preventDefault();
    try {
      const added = await ask('POST', '/handsets', { name: name.value, phone: phone.value });
      dialog.close();
      store.toggle(added.phone, true);
      phones.write(added.phone);
    } catch (error) {
      phone.setCustomValidity(error.message);
      phone.reportValidity();
    }
  };
}

/** Numbers that are kept for stories: 212-555-01xx. */
function freeNumber(store) {
  for (let last = 106; last < 200; last += 1) {
    const number = `+12125550${last}`;
    if (!store.handsets.has(number)) return sayNumber(number);
  }
  return '';
}
