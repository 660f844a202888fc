import { audited, LONGEST_REASON } from '../../db/audit.ts';
import { mayAct } from '../../engine/rules/operators.ts';
import { type Html, html } from '../html.ts';
import { type ChangeName, changes } from './changes.ts';
import { nothing, type Page, type Visit } from './page.ts';

/** Does one of `changes` to what the form names, with the same row in the audit log as the command of that name writes. */
export const changePage: Page = {
  show: async () => ({ goTo: '/ops' }),
  act: {
    needs: 'operate',
    async run({ runtime: { db }, operator, field }) {
      const change = changesByName.get(field('change'));
      const of = field('of').slice(0, LONGEST_NAME);
      if (change === undefined) return nothing('There is no such change.');
      const { act, words, run, backTo, isReasonNeeded } = change;
      const reason = field('reason').slice(0, LONGEST_REASON) || null;
      if (reason === null && isReasonNeeded) return notDone('A reason is needed.', 400);
      const now = new Date();
      const entry = { who: operator.name, act, words: words(of), reason, now };
      const isDone = await audited(
        db,
        entry,
        () => run(db, { of, reason, now }),
        (done) => done,
      );
      return isDone ? { goTo: backTo(of) } : notDone('It is so already, or there is nothing of this name.', 409);
    },
  },
};

/**
 * The button, which asks once: it opens what does it, and closes any other of the page that is open. It names what it is about as
 * people know it. Nothing for those who may not.
 */
export function changeForm(
  { operator, token }: Visit,
  name: ChangeName,
  { of, known = String(of) }: { of: number | string; known?: string },
): Html {
  if (!mayAct(operator.role, 'operate')) return html``;
  const { button, asks, isReasonNeeded, isGrave } = changes[name];
  const must = isReasonNeeded ? html` required` : '';
  return html`<details name="change"><summary>${button}…</summary>
<form class="stack" method="post" action="/ops/change">${token}
<input type="hidden" name="change" value="${name}"><input type="hidden" name="of" value="${of}">
<p>${asks}</p>
<label>Why, for the audit log <input name="reason"${must} maxlength="${LONGEST_REASON}" autocomplete="off"></label>
<button${isGrave ? html` class="bad"` : ''}>${button} (${known})</button>
</form></details>`;
}

const changesByName = new Map(Object.entries(changes));
const LONGEST_NAME = 100;

function notDone(why: string, status: number): { title: string; status: number; main: Html } {
  return { title: 'Not done', status, main: html`<p class="note" role="alert">${why} Nothing was done.</p>` };
}
