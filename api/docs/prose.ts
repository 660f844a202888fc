import { type Html, html } from '../html.ts';

/** A sentence of a declaration: what stands between backticks is code. */
export function prose(text: string): Html {
  const parts = text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
  return html`${parts}`;
}

/** A listing that may be wider than a phone: then it is moved sideways, with the keyboard as well. */
export function listing(name: string, text: string): Html {
  return html`<pre tabindex="0" role="region" aria-label="${name}"><code>${text}</code></pre>`;
}

export function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
