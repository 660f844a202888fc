import { lockGroup } from '../../db/groups/groups.ts';
import {
  countSchedules,
  deleteSchedule,
  endSchedule,
  insertSchedules,
  postponeSchedule,
  setHeadCount,
} from '../../db/groups/schedules.ts';
import { DomainError } from '../platform/errors.ts';
import type { NewSchedule } from '../rules/effects.ts';
import { MOST_WAITING, writeTime } from '../rules/schedule.ts';
import { type EffectContext, type EffectHandlers, rosterOf, Stale } from './context.ts';

/** Texts that wait for their time. */
export const scheduling: EffectHandlers<'schedule' | 'unschedule' | 'setHeadCount' | 'postponeDue'> = {
  async schedule(context, { kind: _, ...wanted }) {
    const { id } = rosterOf(context.act).group;
    // The lock keeps two from being the hundredth.
    if ((await lockGroup(context.tx, id))?.state !== 'active') throw new Stale();
    if ((await countSchedules(context.tx, id)) >= MOST_WAITING)
      throw new DomainError('INVALID_WHEN', { subtype: writeTime(new Date(wanted.sendAt)) });
    await keep(context, wanted);
  },
  async unschedule({ tx, act }, { scheduleId }) {
    // It went out in this instant, or was taken back in the app: decided again, it is not there.
    const wanted = { id: scheduleId, groupId: rosterOf(act).group.id, now: act.now };
    if (!(await deleteSchedule(tx, wanted))) throw new Stale();
  },
  async setHeadCount({ tx, act }, { scheduleId, on }) {
    if (!(await setHeadCount(tx, { id: scheduleId, groupId: rosterOf(act).group.id, on }))) throw new Stale();
  },
  async postponeDue({ tx, act }, { scheduleId, until }) {
    if (!(await postponeSchedule(tx, { id: scheduleId, until: new Date(until), now: act.now }))) throw new Stale();
  },
};

/**
 * What was due is sent or dropped, and waits for its next time where it has one: one transaction, so that each time comes
 * once. Stale where another process was faster, or the schedule was cancelled: nothing was said.
 */
export async function endDue(
  context: EffectContext,
  { scheduleId, messageId, again }: { scheduleId: number; messageId: number | null; again: NewSchedule | undefined },
): Promise<void> {
  const { tx, act } = context;
  if (!(await endSchedule(tx, { id: scheduleId, messageId, now: act.now }))) throw new Stale();
  if (again !== undefined) await keep(context, again);
}

async function keep({ tx, act }: EffectContext, { sendAt, ...wanted }: NewSchedule): Promise<void> {
  const groupId = rosterOf(act).group.id;
  await insertSchedules(tx, { ...wanted, groupId, times: [new Date(sendAt)], now: act.now });
}
