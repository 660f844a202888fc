import { catalogue, type ErrorToken } from '../../engine/rules/error-catalogue.ts';
import type { Endpoint } from '../endpoint.ts';
import { html } from '../html.ts';
import { advice } from './advice.ts';
import { frame } from './frame.ts';

/** The page to which the link of every error leads: what it means, what to do, and which calls it comes from. */
export function errorsPage(endpoints: readonly Endpoint[], path: string): string {
  const tokens = Object.keys(catalogue) as ErrorToken[];
  return frame({
    title: 'Errors',
    path,
    main: html`<p>An answer whose <code>status</code> is <code>ERROR</code> has an <code>error_type</code> to switch on, a
<code>message</code> for people and a <code>link</code> to its entry here; some have an <code>error_subtype</code>: the names of what is
missing, or the value that is wrong. The <code>message</code> is in the language that the caller chose by <code>*language</code>, else in the
first of English, Spanish and French that <code>Accept-Language</code> names, else in English. A call that is answered with an error has changed nothing.</p>
${tokens.map((token) => entry(token, endpoints))}`,
  });
}

function entry(token: ErrorToken, endpoints: readonly Endpoint[]) {
  const { http, says } = catalogue[token];
  const calls = endpoints.filter(({ errors }) => token in errors);
  const own = calls.flatMap(({ url, errors }) => {
    const note = errors[token]?.says;
    return note === undefined ? [] : [html`<li><code>${url}</code>: ${note}</li>`];
  });
  return html`<section class="entry" id="${token}" aria-labelledby="${token}-name">
<h2 id="${token}-name"><code>${token}</code></h2>
<p>${says}</p>
${own.length === 0 ? null : html`<ul>${own}</ul>`}
<p>${advice[token]}</p>
<p class="faint">HTTP ${http}${calls.length === 0 ? '' : '. Answered by '}${calls.map(
    ({ url }, at) => html`${at === 0 ? '' : ', '}<code>${url}</code>`,
  )}.</p>
</section>`;
}
