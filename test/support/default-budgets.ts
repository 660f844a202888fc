import { budgetSettingRows } from '../../engine/platform/budget-setting-rows.ts';
import { floodSettingRows } from '../../engine/platform/flood-setting-rows.ts';

/** The settings of budgets and floods as they are where an operator sets none. */
export const defaultBudgets: Record<string, string> = Object.fromEntries(
  Object.entries({ ...budgetSettingRows, ...floodSettingRows }).map(([name, row]) => [name, row.default]),
);
