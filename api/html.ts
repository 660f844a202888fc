/** A piece of a page. Only `html` makes one, so that no text gets into a page as it came. */
export type Html = { readonly markup: string };
type Value = Html | string | number | null | readonly Html[];

/** Markup as it is written, with every value escaped that is not markup itself; null is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: parts.reduce((all, part, at) => all + markupOf(values[at - 1] ?? null) + part) };
}

/** A whole page: `site` is named behind its title; `head` and `header` are markup of those elements. */
export function page({ title, site, head, header, main }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${site}</title>
<link rel="icon" href="data:,">
${head}
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>${header}</header>
<main id="main">
<h1>${title}</h1>
${main}
</main>
</body>
</html>
`.markup;
}

type Page = { title: string; site: string; head: Html; header: Html; main: Html };

/** The way to the pages of a site, `path` the one that is shown. */
export function navigation(
  name: string,
  { places, path }: { places: readonly (readonly [at: string, name: string])[]; path: string },
): Html {
  return html`<nav aria-label="${name}"><ul>${places.map(
    ([at, place]) => html`<li><a href="${at}"${at === path ? html` aria-current="page"` : ''}>${place}</a></li>`,
  )}</ul></nav>`;
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
