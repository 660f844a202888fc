import { type Case, type Contestant, RATE } from '../case.ts';
import { makeGroups } from '../crowd.ts';
import type { Fixture } from '../fixture.ts';
import type { Call } from '../poster.ts';
import { logIn, makePublicGroups, makeRegular } from '../seed-data.ts';
import { shareOf } from '../spread.ts';
import { perItem } from '../usage.ts';

const CALLS = 500;
const AT_ONCE = 16;
const MESSAGES = 100;

/** The calls that an app makes most. */
export const api: Case = {
  name: 'api',
  reporting: 'none',
  title: `Calls of the API, ${AT_ONCE} at once: /message/get over ${MESSAGES} messages, /member/groups over 50 groups of 100, /group/list over 10,000 public groups`,
  async prepare(fixture, { share, onProgress }) {
    onProgress('Preparing groups and messages');
    const [group] = await makeGroups(fixture.db, { groups: 1, members: 2 });
    if (group === undefined) throw new Error('there is no group');
    const [phone = ''] = group.phones;
    const sid = await logIn(fixture.db, phone);
    const regular = await makeRegular(fixture.db, { groups: 50, members: 100 });
    const { middling } = await makePublicGroups(fixture.db, 10_000);
    const inbound = Array.from({ length: MESSAGES }, (_, at) => ({
      from: phone,
      to: group.number,
      text: `Said ${at}`,
    }));
    await fixture.poster.send('text', { inbound }, { atOnce: AT_ONCE });
    const count = Math.round(CALLS * share);
    let said = 0;
    const callers: [path: string, params: () => Record<string, string>][] = [
      // Never the same twice: that would be a machine's.
      ['/message/send', () => ({ sid, number: group.number, message: `Who brings ball ${++said} tonight?` })],
      // Not those that the sends before have added.
      ['/message/get', () => ({ sid, number: group.number, message_to: String(MESSAGES) })],
      ['/member/groups', () => ({ sid: regular })],
      ['/group/list', () => ({ search: middling })],
    ];
    const callsOf = (path: string, params: () => Record<string, string>) => () =>
      Array.from({ length: count }, () => ({ path, params: params() }));
    return callers.map(([path, params]) => caller(fixture, { name: path, calls: callsOf(path, params) }));
  },
  ratios: [],
};

function caller(fixture: Fixture, { name, calls: make }: { name: string; calls: () => Call[] }): Contestant {
  return {
    name,
    async round() {
      await fixture.outcomes.quiet();
      const calls = make();
      const before = await fixture.meter.read();
      const { ms, answersMs } = await fixture.poster.send('call', { calls }, { atOnce: AT_ONCE });
      const { 'CPU µs, web': web, 'CPU µs, mariadb': mariadb } = perItem(
        before,
        await fixture.meter.read(),
        calls.length,
      );
      const sorted = answersMs.toSorted((a, b) => a - b);
      return {
        [RATE]: (calls.length * 1000) / ms,
        'ms, median': shareOf(sorted, 0.5),
        'ms, p99': shareOf(sorted, 0.99),
        ...(web === undefined || mariadb === undefined ? {} : { 'CPU µs, web': web, 'CPU µs, mariadb': mariadb }),
      };
    },
  };
}
