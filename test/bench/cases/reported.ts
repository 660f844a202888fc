import { barePosts } from '../baselines/contestants.ts';
import { type Case, RATE } from '../case.ts';
import { path, wholePathOf } from './whole-path.ts';

const DELIVERIES = 40_000;

/** The whole path while the carrier reports the end of every delivery, and those reports are taken at the same time. */
export const reported: Case = {
  name: 'reported',
  title: 'Whole path, groups of 100, with a report on every delivery',
  reporting: 'final',
  warmUps: 3,
  async prepare(fixture, { share }) {
    const deliveries = Math.round(DELIVERIES * share);
    return [barePosts(fixture, deliveries, { asks: false }), await path(fixture, { size: 100, deliveries })];
  },
  ratios: [{ name: 'whole path ÷ bare POSTs', over: [wholePathOf(100), RATE], under: ['bare POSTs', RATE] }],
};
