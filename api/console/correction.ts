import { randomUUID } from 'node:crypto';
import { audited, LONGEST_REASON } from '../../db/audit.ts';
import { findAccount } from '../../db/billing/accounts.ts';
import { isDuplicate } from '../../db/connect.ts';
import { findPhoneOf } from '../../db/people/person-lookup.ts';
import { readId } from '../../engine/rules/ids.ts';
import { mayAct } from '../../engine/rules/operators.ts';
import { correctAccount } from '../../engine/usecases/operating/correct-account.ts';
import { type Html, html } from '../html.ts';
import { nothing, type Page, type Visit } from './page.ts';

/** Gives an account pennies or takes them off it: `account grant` and `account deduct` from the console. */
export const correctionPage: Page = {
  show: async () => ({ goTo: '/ops/find' }),
  act: {
    needs: 'money',
    async run({ runtime: { db }, operator, field }) {
      const id = readId(field('id')) ?? 0;
      const [phone, account] = await Promise.all([findPhoneOf(db, id), findAccount(db, id)]);
      if (phone === undefined || account === undefined) return nothing('There is no such account.');
      const [pennies, reason, once, way] = [field('pennies'), field('reason'), field('once'), field('way')];
      const isRight = /^[1-9]\d{0,8}$/.test(pennies) && reason !== '' && reason.length <= LONGEST_REASON;
      if (!isRight || !/^[\w-]{36}$/.test(once) || (way !== 'grant' && way !== 'deduct'))
        return {
          ...{ title: 'Not understood', status: 400 },
          main: html`<p class="note" role="alert">A number of pennies and a reason are needed. Nothing was done.</p>`,
        };
      const now = new Date();
      const act = { who: operator.name, act: `account ${way}`, words: [phone, pennies, reason], reason: null, now };
      const amount = (way === 'grant' ? 1 : -1) * Number(pennies);
      const correction = { account: { id: account.id, personId: id }, amount, note: reason, once, now };
      try {
        await audited(db, act, () => correctAccount(db, correction));
      } catch (error) {
        // The same form again, as by a second click: it was done.
        if (!isDuplicate(error)) throw error;
      }
      return { goTo: `/ops/person?id=${id}` };
    },
  },
};

/** Nothing for those who may not. */
export function correctionForm({ operator, token }: Visit, personId: number): Html {
  if (!mayAct(operator.role, 'money')) return html``;
  return html`<details name="change"><summary>Correct the account…</summary>
<form class="stack" method="post" action="/ops/correct">${token}
<input type="hidden" name="id" value="${personId}"><input type="hidden" name="once" value="${randomUUID()}">
<label>Do <select name="way"><option value="grant">give</option><option value="deduct">take off</option></select></label>
<label>Pennies <input name="pennies" inputmode="numeric" required pattern="[1-9][0-9]*"></label>
<label>Why, for the ledger <input name="reason" required maxlength="${LONGEST_REASON}" autocomplete="off"></label>
<button>Book it</button>
</form></details>`;
}
