import { readAudit } from '../../db/audit.ts';
import { firstIdSince } from '../../db/first-since.ts';
import {
  type EvidenceLine,
  readEvidence,
  readSentLines,
  type SentLine,
  type Subject,
} from '../../db/people/evidence.ts';
import { sentAfterStop } from '../../engine/rules/evidence.ts';
import { type Call, type Command, Misuse, type Outcome, sheetOf } from './command.ts';
import { groupOf, nameOf } from './groups.ts';
import { tableOf } from './table.ts';
import { PERIOD, periodOf } from './times.ts';

export const audit: Command = {
  words: ['audit'],
  takes: ['[phone-or-group]'],
  options: { '--last <count>': 'of what operators did: how many, 20 where it is not said', ...PERIOD },
  does: 'lists what operators did, the newest first: when, who, what and why; one that is still "begun" died half-way. With a phone or a group’s id: the file for a carrier or a lawyer, of a time: each consent, refusal, leave, STOP and START with its wording, each text that went there, and those that went after a STOP, of which there should be none',
  examples: ['audit', 'audit --last 100 --json', 'audit +12015550123 --from 2026-01-01 --json', 'audit 12 --from 30d'],
  run: (call) => (call.args[0] === undefined ? listActs(call) : showEvidence(call, call.args[0])),
};

async function listActs({ db, options }: Call): Promise<Outcome> {
  const { last = '20' } = options;
  if (!/^[1-9]\d{0,4}$/.test(last)) throw new Misuse(`"${last}" is no count.`);
  const acts = (await readAudit(db, Number(last))).map(({ beganAt, words, ...act }) => ({
    ...{ at: beganAt.toISOString(), ...act },
    words: JSON.parse(words) as string[],
  }));
  const cells = acts.map(({ at, who, act, words, reason, outcome }) => [
    ...[at, who, [act, ...words].join(' ')],
    ...[reason ?? '', outcome],
  ]);
  return { text: tableOf(['when', 'who', 'what', 'why', 'outcome'], cells, { numbers: 0 }), json: { acts } };
}

async function showEvidence(call: Call, written: string): Promise<Outcome> {
  const { from, until } = periodOf(call);
  const { subject, about } = await subjectOf(call, written);
  const consents = await readEvidence(call.db, subject);
  const first = await firstIdSince(call.db, 'messages', from);
  const end = await firstIdSince(call.db, 'messages', until);
  const sent = await readSentLines(call.db, { ...subject, first, end });
  const afterStop = sentAfterStop(consents, sent);
  const went = sent.filter(({ sentAt }) => sentAt !== null).length;
  const verdict = `${went} texts went there in this time; ${afterStop.length === 0 ? 'none' : afterStop.length} of them after a STOP and before the next START.`;
  const period = { from: from.toISOString(), until: until.toISOString() };
  const text = [
    `${about}, texts from ${period.from} until ${period.until}, UTC`,
    consentTable(consents),
    sentTable(sent),
    verdict,
    ...(afterStop.length === 0 ? [] : [sentTable(afterStop)]),
  ].join('\n');
  return { text, json: { about, ...period, consents, sent, went, afterStop } };
}

/** Ids of groups are shorter than any phone. */
async function subjectOf(call: Call, written: string): Promise<{ subject: Subject; about: string }> {
  if (/^\d{1,9}$/.test(written)) {
    const group = await groupOf(call, written);
    return { subject: { groupId: group.id }, about: nameOf(group) };
  }
  const { id, phone } = await sheetOf(call, written);
  return { subject: { personId: id }, about: phone };
}

function consentTable(consents: readonly EvidenceLine[]): string {
  const cells = consents.map((one) => [
    ...[
      one.at.toISOString(),
      one.phone,
      `${one.kind} (${one.about}${one.number === null ? '' : ` from ${one.number}`})`,
      one.group ?? '',
      one.by ?? '',
      one.way,
    ],
    ...[one.wording ?? '', one.asked ?? '', one.carrierId ?? ''],
  ]);
  const head = ['at', 'phone', 'said', 'group', 'by', 'way', 'in these words', 'to our text', 'carrier id'];
  return tableOf(head, cells, { numbers: 0 });
}

function sentTable(sent: readonly SentLine[]): string {
  const cells = sent.map((one) => [
    ...[one.sentAt?.toISOString() ?? '', one.phone, one.from, one.group ?? ''],
    ...[one.kind === 'said' ? 'a member’s' : 'ours', one.state, one.reason ?? '', one.carrierId ?? ''],
  ]);
  return tableOf(['sent', 'to', 'from', 'group', 'text', 'state', 'why not', 'carrier id'], cells, { numbers: 0 });
}
