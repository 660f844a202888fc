import { make, readNumber, sayNumber } from './format.js';
import { isOpenEnded } from './hints.js';
import { sourceOf, uploadPicture } from './picture.js';
import { ask, showError } from './store.js';

/** Where a text is written: to whom, its words, a picture, and buttons that type. Tells `readdress` of another number. */
export class TextComposer extends HTMLElement {
  #phone;
  #media = [];
  #hints = make('div', { className: 'hints' });
  #tray = make('div', { className: 'tray', hidden: true });
  #to = make('input', { name: 'to', required: true, inputMode: 'tel', autocomplete: 'off', placeholder: 'number' });
  #text = make('textarea', { name: 'text', rows: 1, maxLength: 1600, placeholder: 'Text' });
  #file = make('input', { type: 'file', accept: 'image/*', hidden: true });

  start({ name, phone }) {
    this.#phone = phone;
    this.#hints.role = 'group';
    this.#hints.ariaLabel = `What ${name} may text`;
    this.#to.ariaLabel = `${name} texts to`;
    this.#to.setAttribute('list', 'numbers');
    this.#to.onchange = () => this.dispatchEvent(new CustomEvent('readdress', { detail: readNumber(this.#to.value) }));
    this.#text.ariaLabel = `${name}'s text`;
    this.#text.onkeydown = (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    };
    this.#text.onpaste = ({ clipboardData }) => this.#attach([...clipboardData.files]);
    this.#file.onchange = () => {
      this.#attach([...this.#file.files]);
      this.#file.value = '';
    };
    const attach = make('button', { type: 'button', className: 'icon attach', title: 'Attach a picture' });
    attach.ariaLabel = `Attach a picture to ${name}'s text`;
    attach.onclick = () => this.#file.click();
    const send = make('button', { type: 'submit', className: 'send', title: 'Send', textContent: '↑' });
    send.ariaLabel = `Send ${name}'s text`;
    const form = make(
      'form',
      { noValidate: true },
      make('div', { className: 'to' }, make('span', { textContent: 'To', ariaHidden: 'true' }), this.#to),
      this.#tray,
      make('div', { className: 'entry' }, attach, this.#file, this.#text, send),
    );
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#send();
    };
    this.replaceChildren(this.#hints, form);
  }

  get isWriting() {
    return this.#text.value !== '' || this.#media.length > 0;
  }

  address(peer) {
    this.#to.value = peer ? sayNumber(peer) : '';
  }

  write() {
    (this.#to.value ? this.#text : this.#to).focus();
  }

  type(text) {
    this.#text.value = text;
    this.#text.focus();
  }

  suggest(hints) {
    this.#hints.replaceChildren(
      ...hints.map((hint) => {
        const button = make('button', { type: 'button', textContent: hint });
        button.ariaLabel = `Type ${hint}`;
        button.onclick = () => this.type(isOpenEnded(hint) ? `${hint} ` : hint);
        return button;
      }),
    );
  }

  async #attach(files) {
    for (const file of files) {
      try {
        this.#media.push(await uploadPicture(file));
      } catch (error) {
        showError(error);
      }
    }
    this.#drawTray();
  }

  #drawTray() {
    this.#tray.hidden = this.#media.length === 0;
    this.#tray.replaceChildren(
      ...this.#media.map((address, at) => {
        const remove = make('button', { type: 'button', className: 'icon', textContent: '×', title: 'Remove' });
        remove.ariaLabel = `Remove picture ${at + 1}`;
        remove.onclick = () => {
          this.#media.splice(at, 1);
          this.#drawTray();
          this.#text.focus();
        };
        return make('span', {}, make('img', { src: sourceOf(address) ?? '', alt: `Picture ${at + 1}` }), remove);
      }),
    );
  }

  async #send() {
    const [text, media, to] = [this.#text.value.trim(), this.#media, readNumber(this.#to.value)];
    this.#to.setCustomValidity(to ? '' : 'This is no phone number');
    if (!to) return this.#to.reportValidity();
    if (!text && media.length === 0) return this.#text.focus();
    this.#text.value = '';
    this.#media = [];
    this.#drawTray();
    try {
      await ask('POST', '/handsets/text', { from: this.#phone, to, text, media });
    } catch (error) {
      this.#text.value = text;
      this.#media = media;
      this.#drawTray();
      showError(error);
    }
  }
}

customElements.define('text-composer', TextComposer);
