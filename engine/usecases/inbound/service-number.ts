import { findDraft } from '../../../db/groups/drafts.ts';
import { listGroupsOf } from '../../../db/groups/group-owners.ts';
import { findUnconfirmed } from '../../../db/people/devices.ts';
import type { Person } from '../../../db/people/people.ts';
import type { Runtime } from '../../platform/runtime.ts';
import type { Draft } from '../../rules/effects.ts';
import { isYes } from '../../rules/keywords.ts';
import { type Caller, readErrand } from '../../rules/service.ts';
import { findInvited } from '../change.ts';
import { phonesOf } from './command-context.ts';

/** Looks up what a text to the service number needs, and no more. */
export async function callService(
  runtime: Runtime,
  { person, text, now }: { person: Person; text: string; now: Date },
): Promise<Caller> {
  const errand = readErrand(text);
  const caller: Caller = {
    errand,
    phone: person.phone,
    name: person.lastName,
    phones: phonesOf(runtime),
    maxMembers: runtime.config.MAX_MEMBERS,
    invited: null,
    draft: null,
    draftLapsed: false,
    device: null,
    groups: [],
  };
  if (errand.kind === 'join') return { ...caller, invited: await findInvited(runtime, errand.code) };
  if (errand.kind === 'groups') return { ...caller, groups: await listGroupsOf(runtime.db, person.id) };
  const device = isYes(text) ? await findUnconfirmed(runtime.db, { phone: person.phone, now }) : undefined;
  if (device !== undefined) return { ...caller, device: device.type };
  return { ...caller, ...(await readDraft(runtime, person.id, now)) };
}

/** An hour of silence ends a draft: whoever texts the next day has forgotten it. */
const DRAFT_MS = 3_600_000;

async function readDraft(
  { db }: Runtime,
  personId: number,
  now: Date,
): Promise<{ draft: Draft | null; draftLapsed: boolean }> {
  const kept = await findDraft(db, personId);
  if (kept === undefined) return { draft: null, draftLapsed: false };
  const { group, version, members, updatedAt } = kept;
  // What another release kept in a shape of its own is as good as lapsed: its maker is told how to begin again.
  if (members === null) return { draft: { group, version, members: [] }, draftLapsed: true };
  return { draft: { group, version, members }, draftLapsed: now.getTime() - updatedAt.getTime() > DRAFT_MS };
}
