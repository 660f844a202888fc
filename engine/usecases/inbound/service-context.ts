import { findDraft } from '../../../db/groups/drafts.ts';
import { listGroupsOf } from '../../../db/groups/group-owners.ts';
import { findInvitations } from '../../../db/groups/invitations.ts';
import { findUnconfirmed } from '../../../db/people/devices.ts';
import type { Person } from '../../../db/people/people.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { pickQuestion, type Question, type Reply, readReply } from '../../rules/questions.ts';
import type { ServiceContext, ServiceNeed, ServiceText } from '../../rules/service-commands.ts';
import type { Roster } from '../../rules/types.ts';
import { asksWho } from '../../rules/who-is-this.ts';
import { findInvited } from '../change.ts';
import { phonesOf } from './command-context.ts';

/** Looks up what a text to the service number needs, and no more. */
export async function loadServiceContext(
  runtime: Runtime,
  { person, text, read, now }: { person: Person; text: string; read: ServiceText; now: Date },
): Promise<ServiceContext> {
  const context: ServiceContext = {
    phone: person.phone,
    language: person.language,
    name: person.lastName,
    phones: phonesOf(runtime),
    maxMembers: runtime.config.MAX_MEMBERS,
    invited: null,
    draft: null,
    draftLapsed: false,
    reply: readReply(text),
    questions: [],
    wonders: asksWho(text),
    groups: [],
  };
  const waiting = context.reply === null && !context.wonders ? [] : await findQuestions(runtime, person, now);
  const questions = context.reply === null ? waiting.filter(({ kind }) => kind === 'invitation') : waiting;
  if (questions.length > 0)
    return { ...context, questions, invited: await invitedBy(runtime, context.reply, questions) };
  return { ...context, ...(await load(runtime, read.needs, { person, now })) };
}

/** What waits for this person's YES. */
async function findQuestions({ db }: Runtime, { id: personId, phone }: Person, now: Date): Promise<Waiting[]> {
  const devices = await findUnconfirmed(db, { phone, now });
  const invitations = await findInvitations(db, { personId, now });
  return [
    ...devices.map(({ id, code, type }) => ({ kind: 'device', id, code, type }) as const),
    ...invitations.map((invitation) => ({ ...invitation, kind: 'invitation' }) as const),
  ];
}

type Waiting = Question & { version?: number; tag?: number };

/** The group of the invitation that is answered. */
async function invitedBy(runtime: Runtime, reply: Reply | null, waiting: readonly Waiting[]): Promise<Roster | null> {
  const question: Waiting | null = reply === null ? null : pickQuestion(waiting, reply);
  if (question?.kind !== 'invitation' || question.version === undefined || question.tag === undefined) return null;
  return runtime.rosters.read({ groupId: question.groupId, version: question.version, tag: question.tag });
}

async function load(
  runtime: Runtime,
  needs: ServiceNeed,
  { person, now }: { person: Person; now: Date },
): Promise<Partial<ServiceContext>> {
  switch (needs.kind) {
    case 'none':
      return {};
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
