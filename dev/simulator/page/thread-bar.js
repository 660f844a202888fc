import { make, sayNumber } from './format.js';

/** The conversations of one phone, the latest first. Tells with `turn` which was picked; without a number: a new one; with `call` that it is called. */
export class ThreadBar extends HTMLElement {
  draw(threads, chosen) {
    this.hidden = threads.length === 0;
    const pills = threads.map(({ peer, name, isUnread, isBlocked }) => {
      const pill = make('button', {
        type: 'button',
        textContent: name,
        title: sayNumber(peer),
        dataset: { ...(isUnread ? { unread: '' } : {}), ...(isBlocked ? { blocked: '' } : {}) },
      });
      if (isUnread) pill.append(make('span', { className: 'unseen', textContent: ', unread' }));
      pill.ariaPressed = String(peer === chosen);
      pill.onclick = () => this.#turn(peer);
      return pill;
    });
    const fresh = make('button', { type: 'button', title: 'Text another number', textContent: '+' });
    fresh.ariaLabel = 'Text another number';
    fresh.onclick = () => this.#turn();
    const call = make('button', { type: 'button', title: 'Call this number', textContent: '☎' });
    call.ariaLabel = 'Call this number';
    call.onclick = () => this.dispatchEvent(new CustomEvent('call'));
    this.replaceChildren(...pills, fresh, ...(chosen ? [call] : []));
    const current = this.querySelector('[aria-pressed=true]');
    if (current) this.scrollLeft = current.offsetLeft - this.offsetLeft - 12;
  }

  #turn(peer) {
    this.dispatchEvent(new CustomEvent('turn', { detail: peer }));
  }
}

customElements.define('thread-bar', ThreadBar);
