import { expect } from 'chai';
import type { World } from './world.ts';

export type Params = Record<string, unknown>;
/** When, what is sent, and the error with its subtype; a status other than 200 where the error has one. */
export type RefusalRow = [when: string, params: () => Params, error: string, subtype?: unknown, http?: number];

/** A test for each row: the call is refused just so, by query, form and JSON alike. */
export function itRefuses(url: string, world: () => World, rows: readonly RefusalRow[]): void {
  for (const [when, params, error, subtype, http = 200] of rows) {
    it(`${url} answers ${error} when ${when}`, async () => {
      for (const as of ['query', 'form', 'json'] as const) {
        const answer = await world().call(url, params(), { as });
        const more = subtype === undefined ? {} : { error_subtype: subtype };
        expect(answer.body, as).to.deep.equal({ status: 'ERROR', error_type: error, ...more });
        expect(answer.http, as).to.equal(http);
      }
    });
  }
}
