import type { Case } from '../case.ts';
import { wholePath } from './whole-path.ts';

/** The whole path while the carrier reports the end of every delivery, and those reports are taken at the same time. */
export const reported: Case = {
  ...wholePath,
  name: 'reported',
  title: `${wholePath.title}; with reports`,
  reporting: 'final',
  ratios: wholePath.ratios.map(({ floor, ...ratio }) => ratio),
};
