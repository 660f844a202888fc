import type { Case, Contestant } from '../case.ts';
import type { Fixture } from '../fixture.ts';
import { makePublicGroups, makeRegular } from '../seed-data.ts';

const GROUPS = 50;
const MEMBERS = 100;
const PUBLIC_GROUPS = 100_000;
const CALLS = 40;

/** What an app shows first, and what a stranger searches: calls one after the other, each with its milliseconds. */
export const reading: Case = {
  name: 'reading',
  reporting: 'none',
  title: `/member/groups, ${GROUPS} groups of ${MEMBERS}; /group/list over ${PUBLIC_GROUPS.toLocaleString('en-US')} public groups`,
  async prepare(fixture, { share }) {
    const sid = await makeRegular(fixture.db, { groups: GROUPS, members: MEMBERS });
    const { rare, middling, common } = await makePublicGroups(fixture.db, PUBLIC_GROUPS);
    const calls = Math.round(CALLS * share);
    const list = (name: string, query: string) => caller(fixture, { name, path: `/group/list?${query}`, calls });
    return [
      caller(fixture, { name: '/member/groups', path: `/member/groups?sid=${sid}`, calls }),
      list('newest', 'newest=1'),
      list('search, a word of few groups', `search=${middling}`),
      list('search, the beginning of many words', `search=${common.slice(0, 3)}`),
      list('search, a word of every group and a rare one', `search=club+${rare}`),
      list('search, a word of every group', 'search=club'),
    ];
  },
  ratios: [],
};

function caller(fixture: Fixture, { name, path, calls }: { name: string; path: string; calls: number }): Contestant {
  return {
    name,
    async round() {
      const taken: number[] = [];
      for (let call = 0; call < calls; call++) {
        const start = performance.now();
        const answer = await fetch(`${fixture.api}${path}`);
        const { status } = (await answer.json()) as { status: string };
        if (status !== 'OK') throw new Error(`${path} was answered with ${answer.status}`);
        taken.push(performance.now() - start);
      }
      taken.sort((a, b) => a - b);
      return { 'ms, median': taken[Math.floor(calls / 2)] ?? 0, 'ms, slowest': taken.at(-1) ?? 0 };
    },
  };
}
