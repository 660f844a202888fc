import { type Html, html, navigation, page } from '../html.ts';

/** The pages of the reference, in the order in which they are listed. */
const places = [
  ['/docs', 'Calls'],
  ['/docs/guide', 'Five minutes'],
  ['/docs/tasks', 'Tasks'],
  ['/docs/errors', 'Errors'],
] as const;

/** A whole page of the reference. */
export function frame({ title, path, main, script = false }: Framed): string {
  const site = 'Group texting API';
  return page({
    ...{ title, site, main },
    head: html`<link rel="stylesheet" href="/docs/pages.css">
${script ? html`<script src="/docs/try.js" defer></script>` : null}`,
    header: html`<strong>${site}</strong>
${navigation('Reference', { places, path })}`,
  });
}

/** `script`: something can be tried on it. */
type Framed = { title: string; path: string; main: Html; script?: boolean };
