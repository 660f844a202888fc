import { type Html, html } from '../console/html.ts';

/** The pages of the reference, in the order in which they are listed. */
const places = [
  ['/docs', 'Calls'],
  ['/docs/guide', 'Five minutes'],
  ['/docs/tasks', 'Tasks'],
  ['/docs/errors', 'Errors'],
] as const;

/** A whole page of the reference. */
export function frame({ title, path, main, script = false }: Framed): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Group texting API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/pages.css">
${script ? html`<script src="/docs/try.js" defer></script>` : null}
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header><strong>Group texting API</strong>
<nav aria-label="Reference"><ul>${places.map(
    ([at, name]) => html`<li><a href="${at}"${at === path ? html` aria-current="page"` : ''}>${name}</a></li>`,
  )}</ul></nav></header>
<main id="main">
<h1>${title}</h1>
${main}
</main>
</body>
</html>
`.markup;
}

/** `script`: something can be tried on it. */
type Framed = { title: string; path: string; main: Html; script?: boolean };
