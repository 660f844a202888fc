import { audited, LONGEST_REASON } from '../../db/audit.ts';
import { cancelMessage } from '../../engine/delivery/cancel.ts';
import { readId } from '../../engine/rules/ids.ts';
import { mayAct } from '../../engine/rules/operators.ts';
import { type Html, html } from '../html.ts';
import { nothing, type Page, type Visit } from './page.ts';

/** Stops a message that is going out: `message cancel` from the console, with the same row in the audit log. */
export const stopPage: Page = {
  show: async () => ({ goTo: '/ops/running' }),
  act: {
    needs: 'operate',
    async run({ runtime: { db }, operator, field }) {
      const id = readId(field('id'));
      const reason = field('reason').slice(0, LONGEST_REASON) || null;
      if (id === null) return nothing('There is no message of this id.');
      const now = new Date();
      const act = { who: operator.name, act: 'message cancel', words: [String(id)], reason, now };
      const cancelled = await audited(
        db,
        act,
        () => cancelMessage(db, { messageId: id, now }),
        (done) => done !== null,
      );
      if (cancelled === null)
        return {
          ...{ title: 'Nothing to stop', status: 409 },
          main: html`<p class="note" role="alert">Message ${id} was cancelled before, or no member said it.</p>`,
        };
      return { goTo: `/ops/message?id=${id}` };
    },
  },
};

/** The button, which asks once: it opens what does it. Nothing for those who may not. */
export function stopForm({ operator, token }: Visit, id: number): Html {
  if (!mayAct(operator.role, 'operate')) return html``;
  return html`<details name="change"><summary>Stop it…</summary>
<form class="stack" method="post" action="/ops/stop">${token}<input type="hidden" name="id" value="${id}">
<label>Why, for the audit log <input name="reason" maxlength="${LONGEST_REASON}" autocomplete="off"></label>
<button class="bad">Stop message ${id} for all who do not have it yet</button>
</form></details>`;
}
