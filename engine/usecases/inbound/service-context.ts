import { findDraft } from '../../../db/groups/drafts.ts';
import { listGroupsOf } from '../../../db/groups/group-owners.ts';
import { findUnconfirmed } from '../../../db/people/devices.ts';
import type { Person } from '../../../db/people/people.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { type Question, readReply } from '../../rules/questions.ts';
import type { ServiceContext, ServiceNeed, ServiceText } from '../../rules/service-commands.ts';
import { findInvited } from '../change.ts';
import { phonesOf } from './command-context.ts';

/** Looks up what a text to the service number needs, and no more. */
export async function loadServiceContext(
  runtime: Runtime,
  { person, text, read, now }: { person: Person; text: string; read: ServiceText; now: Date },
): Promise<ServiceContext> {
  const context: ServiceContext = {
    phone: person.phone,
    name: person.lastName,
    phones: phonesOf(runtime),
    maxMembers: runtime.config.MAX_MEMBERS,
    invited: null,
    draft: null,
    draftLapsed: false,
    reply: readReply(text),
    questions: [],
    groups: [],
  };
  const questions = context.reply === null ? [] : await findQuestions(runtime, person, now);
  if (questions.length > 0) return { ...context, questions };
  return { ...context, ...(await load(runtime, read.needs, { person, now })) };
}

/** What waits for this person's YES. */
async function findQuestions({ db }: Runtime, { phone }: Person, now: Date): Promise<Question[]> {
  const devices = await findUnconfirmed(db, { phone, now });
  return devices.map(({ id, code, type }) => ({ kind: 'device', id, code, type }));
}

async function load(
  runtime: Runtime,
  needs: ServiceNeed,
  { person, now }: { person: Person; now: Date },
): Promise<Partial<ServiceContext>> {
  switch (needs.kind) {
    case 'invited':
      return { invited: await findInvited(runtime, needs.code) };
    case 'groups':
      return { groups: await listGroupsOf(runtime.db, person.id) };
    case 'draft':
      return loadDraft(runtime, person.id, now);
  }
}

/** An hour of silence ends a draft: somebody who texts the next day has forgotten it. */
const DRAFT_MS = 3_600_000;

async function loadDraft(
  { db }: Runtime,
  personId: number,
  now: Date,
): Promise<Pick<ServiceContext, 'draft' | 'draftLapsed'>> {
  const kept = await findDraft(db, personId);
  if (kept === undefined) return { draft: null, draftLapsed: false };
  const { group, version, members, updatedAt } = kept;
  // What another release kept in a shape of its own is as good as lapsed: its maker is told how to begin again.
  if (members === null) return { draft: { group, version, members: [] }, draftLapsed: true };
  return { draft: { group, version, members }, draftLapsed: now.getTime() - updatedAt.getTime() > DRAFT_MS };
}
