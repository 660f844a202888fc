import type { Operator } from '../../engine/rules/operators.ts';
import { type Html, html, navigation, page } from '../html.ts';

/** A whole page. `signedIn` is null for the page to sign in. */
export function frame(
  { title, main }: { title: string; main: Html },
  signedIn: { operator: Operator; token: Html; path: string } | null,
): string {
  return page({
    ...{ title, site: 'Console', main },
    head: html`<link rel="stylesheet" href="/ops/console.css">
<script src="/ops/console.js" defer></script>`,
    header: signedIn === null ? html`<strong>Console</strong>` : bar(signedIn),
  });
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
  return html`${navigation('Console', { places, path })}
<form method="post" action="/ops/sign-out">${token}<span>${operator.name} (${operator.role})</span> <button>Sign out</button></form>`;
}
