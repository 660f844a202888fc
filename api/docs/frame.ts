import { type Html, html } from '../console/html.ts';

/** The pages of the reference, in the order in which they are listed. */
const places = [
  ['/docs', 'Calls'],
  ['/docs/errors', 'Errors'],
] as const;

/** A whole page of the reference. */
export function frame({ title, path, main }: { title: string; path: string; main: Html }): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Group texting API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/pages.css">
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
