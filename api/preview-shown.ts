import { Type } from '@sinclair/typebox';
import { runsGroup } from '../engine/rules/permissions.ts';
import type { Membership } from '../engine/rules/types.ts';
import { type Preview, skippedReasons } from '../engine/usecases/submit.ts';
import { count, phone, text } from './schemas.ts';

/** What a preview adds to the answer of a send. */
export const previewFields = {
  recipients: Type.Optional(
    count('With preview: how many phones would be texted, now or, as `reply` says then, later'),
  ),
  segments: Type.Optional(count('With preview: the SMS segments of the text to one recipient')),
  cost: Type.Optional(count('With preview: what all of it would cost, in pennies; alerts to devices are free')),
  skipped: Type.Optional(
    Type.Array(
      Type.Object({
        name: text('Name of the member; empty where they have none'),
        number: phone('Number of the member'),
        reason: Type.Union(
          skippedReasons.map((reason) => Type.Literal(reason)),
          { description: 'Why: they opted out, muted the group for a while, turned its texts off, or left it' },
        ),
      }),
      { description: 'With preview, for the owner: the members who would not get it' },
    ),
  ),
};

/** Who gets no texts, and why, is told to the owner alone: it is not in the list of members either. */
export function showPreview({ member }: Membership, { skipped, reply, ...counted }: Preview) {
  const sums = { ...counted, ...(reply === null ? {} : { reply }) };
  if (!runsGroup(member)) return sums;
  return {
    ...sums,
    skipped: skipped.map(({ member: { name, phone: number }, reason }) => ({ name: name ?? '', number, reason })),
  };
}
