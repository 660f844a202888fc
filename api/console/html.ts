/** A piece of a page. Only `html` makes one, so that no text gets into a page as it came. */
export type Html = { readonly markup: string };
type Value = Html | string | number | null | readonly Html[];

/** Markup as it is written, with every value escaped that is not markup itself; null is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: parts.reduce((all, part, at) => all + markupOf(values[at - 1] ?? null) + part) };
}

/** Of a table that may be wider than a phone: then it is moved sideways, with the keyboard as well. */
export function table(
  name: string,
  { head, rows, empty = 'None.' }: { head: readonly string[]; rows: readonly (readonly Value[])[]; empty?: string },
): Html {
  if (rows.length === 0) return html`<p>${empty}</p>`;
  return html`<div class="wide" role="region" aria-label="${name}" tabindex="0"><table>
<thead><tr>${head.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
</table></div>`;
}

/** Names with what they have. */
export function facts(of: readonly (readonly [string, Value])[]): Html {
  return html`<dl>${of.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** UTC, to the second. */
export function time(at: Date | null): Html {
  if (at === null) return html``;
  const iso = at.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`;
}

function markupOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}
