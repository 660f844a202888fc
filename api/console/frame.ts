import type { Operator } from '../../engine/rules/operators.ts';
import { type Html, html } from './html.ts';

/** A whole page. `signedIn` is null for the page to sign in. */
export function frame(
  { title, main }: { title: string; main: Html },
  signedIn: { operator: Operator; token: Html; path: string } | null,
): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Console</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/ops/console.css">
<script src="/ops/console.js" defer></script>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>${signedIn === null ? html`<strong>Console</strong>` : bar(signedIn)}</header>
<main id="main">
<h1>${title}</h1>
${main}
</main>
</body>
</html>
`.markup;
}

const places = [
  ['/ops', 'Home'],
  ['/ops/find', 'Find'],
  ['/ops/running', 'Running'],
  ['/ops/numbers', 'Numbers'],
  ['/ops/acts', 'Audit'],
  ['/ops/queues', 'Queues'],
] as const;

function bar({ operator, token, path }: { operator: Operator; token: Html; path: string }): Html {
  return html`<nav aria-label="Console"><ul>${places.map(
    ([at, name]) => html`<li><a href="${at}"${at === path ? html` aria-current="page"` : ''}>${name}</a></li>`,
  )}</ul></nav>
<form method="post" action="/ops/sign-out">${token}<span>${operator.name} (${operator.role})</span> <button>Sign out</button></form>`;
}
