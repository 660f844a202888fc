import './handset-phone.js';

/** Lays the open phones out, in the order in which their handsets came. Returns what others may do with them. */
export function layOutPhones(store, room) {
  const phones = new Map();
  const sight = watchSight(store);

  store.addEventListener('handsets', ({ detail: news }) => {
    removeClosed();
    let last;
    for (const handset of store.handsets.values()) {
      if (!store.open.has(handset.phone)) continue;
      const element = phones.get(handset.phone) ?? add(handset, last);
      if (handset.phone === news) element.refresh();
      last = element;
    }
  });
  store.addEventListener('bubble', ({ detail }) => phones.get(detail.phone)?.take(detail.bubble, detail.isNew));
  for (const name of ['numbers', 'blocks'])
    store.addEventListener(name, () => {
      for (const phone of phones.values()) phone.refresh();
    });
  room.addEventListener('keydown', (event) => goAcross(event, room));

  function removeClosed() {
    for (const [phone, element] of phones) {
      const isSame = store.handsets.get(phone)?.name === element.owner;
      if (store.open.has(phone) && isSame) continue;
      sight.unobserve(element);
      store.inSight.delete(phone);
      element.remove();
      phones.delete(phone);
    }
  }

  function add(handset, before) {
    const element = document.createElement('handset-phone');
    element.start(store, handset);
    phones.set(handset.phone, element);
    if (before) before.after(element);
    else room.prepend(element);
    sight.observe(element);
    return element;
  }

  return {
    write: (phone) => phones.get(phone)?.write(),
    /** Opens a phone where it is not, and types a text for it, without sending. */
    type(phone, text, to) {
      store.toggle(phone, true);
      phones.get(phone)?.type(text, to);
    },
  };
}

/** What comes on a phone in sight is read. */
function watchSight(store) {
  return new IntersectionObserver(
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
}

const steps = { ArrowLeft: -1, ArrowRight: 1 };

/** Left and right go to the text box of the next phone; in a text that is being written they move in the text. */
function goAcross(event, room) {
  const step = steps[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if ('value' in event.target && event.target.value !== '') return;
  const all = [...room.querySelectorAll('handset-phone')];
  const next = all[all.indexOf(event.target.closest('handset-phone')) + step];
  if (!next) return;
  event.preventDefault();
  next.write();
  next.scrollIntoView({ block: 'nearest', inline: 'center' });
}
