import type { Case, Contestant } from '../case.ts';
import { path } from './whole-path.ts';

const DELIVERIES = 40_000;
const SIZES = [10, 100, 1_000, 10_000] as const;

/** The same number of deliveries out of many small groups and out of a few large ones. */
export const groupSize: Case = {
  name: 'group-size',
  reporting: 'none',
  warmUps: 3,
  title: `Whole path by the size of the groups, ${DELIVERIES.toLocaleString('en-US')} deliveries each`,
  async prepare(fixture, { share }) {
    const paths: Contestant[] = [];
    for (const size of SIZES) paths.push(await path(fixture, { size, deliveries: Math.round(DELIVERIES * share) }));
    return paths;
  },
  ratios: [],
};
