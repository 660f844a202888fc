import { catalogue } from '../../engine/rules/error-catalogue.ts';
import { fieldsOf, requiredExample } from '../call-fields.ts';
import type { Endpoint } from '../endpoint.ts';
import { ERRORS_PATH } from '../error-answer.ts';
import { type Html, html } from '../html.ts';
import { INTRODUCTION, tagOf, tags } from '../openapi.ts';
import { tokensOf } from '../openapi-answers.ts';
import { sampleOf } from '../openapi-schemas.ts';
import { answerFields, inputFields } from './fields.ts';
import { frame } from './frame.ts';
import { json, listing, prose } from './prose.ts';

/** Every call, drawn from the declarations; each can be tried against this server. */
export function callsPage(endpoints: readonly Endpoint[], path: string): string {
  const groups = [...new Set(endpoints.map(tagOf))].map(
    (tag) => [tag, endpoints.filter((endpoint) => tagOf(endpoint) === tag)] as const,
  );
  return frame({
    title: 'Calls',
    path,
    script: true,
    main: html`${INTRODUCTION.split('\n\n').map((text) => html`<p>${prose(text)}</p>`)}
<p>For programs: <a href="/openapi.json">openapi.json</a>. To try calls here, put a sid or a key in this field; it stays on this page. With
<code>npm start</code>, <em>the API</em> on the page of handsets opens it with one.</p>
<p><label>Sid or key <input id="token" type="password" autocomplete="off" spellcheck="false"></label></p>
<nav aria-label="Calls">${groups.map(
      ([tag, some]) =>
        html`<p>${tags[tag] ?? tag}: ${some.map(({ name, url }, at) => html`${at === 0 ? '' : ', '}<a href="#${name}">${url}</a>`)}</p>`,
    )}</nav>
${groups.map(([tag, some]) => html`<h2>${tags[tag] ?? tag}</h2>${some.map(entry)}`)}`,
  });
}

function entry(endpoint: Endpoint): Html {
  const { name, url, summary, notes, answer } = endpoint;
  const tokens = tokensOf(endpoint);
  const body = json(requiredExample(endpoint));
  return html`<section class="entry" id="${name}" aria-labelledby="${name}-title">
<h3 id="${name}-title">${summary} <code>${url}</code></h3>
<p class="faint">${callersOf(endpoint)}</p>
${notes === undefined ? null : html`<p>${prose(notes)}</p>`}
<details><summary>Fields, answer and errors of ${url}</summary>
<h4>Takes</h4>
${inputFields(fieldsOf(endpoint))}
<h4>Answers</h4>
${answerFields(answer)}
${listing(`Answer of ${url}`, json({ status: 'OK', ...sampleOf(answer) }))}
<h4>Errors</h4>
${tokens.length === 0 ? html`<p>None of its own.</p>` : null}
<ul>${tokens.map(
    ([token, { says }]) =>
      html`<li><a href="${ERRORS_PATH}#${token}"><code>${token}</code></a> ${says ?? catalogue[token].says}</li>`,
  )}</ul>
</details>
<details class="try" data-url="${url}"><summary>Try ${url}</summary>
<label>Body <textarea rows="${body.split('\n').length}" spellcheck="false">${body}</textarea></label>
<button type="button">Send</button>
<output aria-live="polite"></output>
</details>
</section>`;
}

function callersOf({ session, keys }: Endpoint): string {
  if (session === 'none') return 'For anybody';
  const who = session === 'required' ? 'With a sid' : 'With a sid or without';
  return keys === undefined ? who : `${who}, or a key that may ${keys}`;
}
