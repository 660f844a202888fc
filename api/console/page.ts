import type { Runtime } from '../../engine/platform/runtime.ts';
import type { Operator, OperatorRole } from '../../engine/rules/operators.ts';
import type { FieldMap } from '../fields.ts';
import { type Html, html } from '../html.ts';

/** Somebody who is signed in looks at a page, or sends one of its forms. */
export type Visit = {
  runtime: Runtime;
  operator: Operator;
  /** Of the address or of the form. */
  field(name: string): string;
  /** What goes into every form: a hidden field that no other site knows. */
  token: Html;
};

/** What a page says, or where it sends the browser. */
export type Answer = { title: string; main: Html; status?: number } | { goTo: string };

/** A page of the console; `act` is what its form does, for those of this role or more. */
export type Page = {
  show(visit: Visit): Promise<Answer>;
  act?: { needs: OperatorRole; run(visit: Visit): Promise<Answer> };
};

/** For an address or a form that names nothing. */
export function nothing(what: string): Answer {
  return {
    title: 'Not found',
    status: 404,
    main: html`<p>${what}</p><p><a href="/ops/find">Find something else</a></p>`,
  };
}

export function visitOf(
  { runtime, operator, token }: Omit<Visit, 'field' | 'token'> & { token: string },
  fields: FieldMap,
): Visit {
  return {
    runtime,
    operator,
    field: (name) => String(fields.get(name) ?? '').trim(),
    token: html`<input type="hidden" name="token" value="${token}">`,
  };
}
