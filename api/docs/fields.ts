import type { TObject, TSchema } from '@sinclair/typebox';
import type { Field } from '../call-fields.ts';
import { type Html, html } from '../html.ts';
import { prose } from './prose.ts';

/** What a call takes; a list is for JSON, its fields for forms are said with it. */
export function inputFields(fields: readonly Field[]): Html {
  const shown = fields.filter(({ only }) => only !== 'form');
  if (shown.length === 0) return html`<p>Nothing.</p>`;
  return html`<dl class="fields">${shown.map(
    ({ name, says, required, schema }) =>
      html`<div><dt><code>${name}</code> ${required ? html`<strong>required</strong>` : ''} <span class="faint">${limitsOf({ ...schema })}</span></dt><dd>${prose(says)}</dd></div>`,
  )}</dl>`;
}

/** What an answer holds beside `status`, what lies in objects and lists below it. */
export function answerFields({ properties, required = [] }: TObject): Html {
  const names = Object.entries(properties);
  if (names.length === 0) return html`<p>Nothing but <code>status</code>.</p>`;
  const needed = new Set<string>(required);
  return html`<dl class="fields">${names.map(
    ([name, schema]) =>
      html`<div><dt><code>${name}</code> ${needed.has(name) ? '' : html`<span class="faint">where it applies</span>`}</dt><dd>${prose(schema.description ?? '')}${below(schema)}</dd></div>`,
  )}</dl>`;
}

function below(schema: TSchema): Html {
  const inner: TSchema = schema.type === 'array' ? schema.items : schema;
  return inner.type === 'object' ? answerFields({ ...inner, properties: inner.properties } as TObject) : html``;
}

type Limits = { type?: unknown; enum?: readonly unknown[]; maxLength?: number; minimum?: number; maximum?: number };

function limitsOf({ type, enum: values, maxLength, minimum, maximum }: Limits): string {
  if (values !== undefined) return values.toSorted().join(' or ');
  if (maxLength !== undefined) return `at most ${maxLength} characters`;
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  return typeof type === 'string' ? type : '';
}
