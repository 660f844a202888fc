import { audienceOf } from '../audience.ts';
import type { Awaiting } from '../command-context.ts';
import type { Effect } from '../effects.ts';
import { cutLines } from '../fit.ts';
import { readSwitch } from '../languages/arguments.ts';
import { texts } from '../texts.ts';
import type { Member, Roster } from '../types.ts';
import { waitOf } from '../waiting.ts';
import { wording } from '../wording.ts';
import { words } from '../words.ts';
import { answer, type Call, type CommandRows, callBy, explain } from './command.ts';

/** What named speakers say to all, seen by an owner before it goes out. */
export const approvals = {
  approval: {
    also: ['approvals', 'moderate', 'moderation', 'review'],
    usage: '*approval on/off',
    does: "holds speakers' texts for your OK",
    permission: 'changeGroup',
    needs: 'awaiting',
    run(call) {
      const { membership, rest, context } = call;
      const { name: group, replyToOwner } = membership.roster.group;
      const typed = readSwitch(rest);
      if (typed === null) return rest === '' || numberIn(rest) !== null ? show(call) : explain(call.how);
      if (typed && !replyToOwner) return answer(approvalTexts.approvalNotHere({ group }));
      const put = { group, waiting: context.awaiting?.length ?? 0 };
      return [
        { kind: 'setGroup', patch: { broadcastApproval: typed } },
        ...answer(typed ? approvalTexts.approvalOn(put) : approvalTexts.approvalOff(put)),
      ];
    },
  },
  approve: {
    also: ['ok', 'okay', 'confirm'],
    usage: '*approve NUMBER',
    does: 'sends a text that waits for your OK',
    isAnswer: true,
    permission: 'manageSchedules',
    needs: 'awaiting',
    run: (call) =>
      withAwaiting(call, (one, by) => {
        const { membership, suspended, context } = call;
        const { roster } = membership;
        const { name: group, paused } = roster.group;
        if (paused) return answer(texts.paused({ group }));
        if (suspended) return answer(texts.suspended({ group }));
        const { wait } = waitOf(one, { roster, member: by }, { ...context, toId: null });
        const put = { who: callBy(by), group };
        return [
          { kind: 'approve', scheduleId: one.id, saidBy: by.id },
          ...answer(wait === null ? approvalTexts.approved(put) : approvalTexts.approvedForLater(put)),
        ];
      }),
  },
  decline: {
    also: ['reject', 'deny', 'refuse'],
    usage: '*decline NUMBER',
    does: 'drops a text that waits for your OK',
    isAnswer: true,
    permission: 'manageSchedules',
    needs: 'awaiting',
    run: (call) =>
      withAwaiting(call, (one, by) => [
        { kind: 'decline', scheduleId: one.id, saidBy: by.id, text: one.text },
        ...answer(approvalTexts.declinedIt({ who: callBy(by), group: call.membership.roster.group.name })),
      ]),
  },
} satisfies CommandRows;

/** The one that is meant: by its number, or the only one that waits. Where that is not clear, all that wait are shown. */
function withAwaiting(call: Call, then: (one: Awaiting, by: Member) => Effect[]): Effect[] {
  const { roster } = call.membership;
  const awaiting = awaitingIn(roster, call.context.awaiting ?? []);
  const id = numberIn(call.rest);
  if (awaiting.length === 0 || (call.rest !== '' && id === null)) return show({ ...call, rest: '' });
  if (id === null && awaiting.length > 1) return show({ ...call, rest: '' });
  const found = id === null ? awaiting[0] : awaiting.find(({ one }) => one.id === id);
  if (found === undefined) return answer(approvalTexts.notAwaiting({ group: roster.group.name, id: id ?? 0 }));
  return then(found.one, found.by);
}

/** What waits, a line each, or one whole. */
function show({ membership: { roster }, rest, context }: Call): Effect[] {
  const { name: group, broadcastApproval } = roster.group;
  const awaiting = awaitingIn(roster, context.awaiting ?? []);
  const id = numberIn(rest);
  if (id !== null) {
    const found = awaiting.find(({ one }) => one.id === id);
    if (found === undefined) return answer(approvalTexts.notAwaiting({ group, id }));
    return answer(approvalTexts.awaitingWhole({ ...found.one, who: callBy(found.by), group }));
  }
  if (awaiting.length === 0) return answer(approvalTexts.noneAwaiting({ group, isOn: broadcastApproval }));
  const lines = awaiting.map(({ one, by }) => `${one.id}: ${callBy(by)}: ${withPictures(one)}`);
  return answer(approvalTexts.awaiting({ group, lines }));
}

/** Who may no longer text everybody has nothing that could be approved; it ends by itself. */
export function awaitingIn<One extends Awaiting>(roster: Roster, all: readonly One[]): { one: One; by: Member }[] {
  return all.flatMap((one) => {
    const by = roster.members.find(({ id }) => id === one.saidBy);
    return by === undefined || by.left || by.blocked || audienceOf(roster, by) !== null ? [] : [{ one, by }];
  });
}

function numberIn(typed: string): number | null {
  const [, number] = /^#?(\d{1,15})[.!]?$/u.exec(typed) ?? [];
  return number === undefined ? null : Number(number);
}

export function withPictures({ text, media }: Pick<Awaiting, 'text' | 'media'>): string {
  if (media.length === 0) return text;
  return `${text} (${words().pictures(media.length)})`.trim();
}

/** As many lines as an answer has room for. */
export const MOST_AWAITING = 5;

type Of = { who: string; group: string };
type Asked = Of & Pick<Awaiting, 'id' | 'text' | 'media'>;

/** What these commands say, and what is said about texts that wait for an owner. */
export const approvalTexts = wording(
  {
    waitsForOwner: ({ group }: { group: string }) =>
      `Your text to all of "${group}" goes out when an owner says OK, within a day. We'll tell you.`,
    tooManyAwait: ({ group }: { group: string }) =>
      `Your text wasn't sent: too many already wait for an owner of "${group}" to say OK. Try again later.`,
    awaits: ({ who, group, ...one }: Asked) =>
      cutLines(
        `${who} wants to text all of "${group}". *approve ${one.id} sends it, *decline ${one.id} drops it, *approval ${one.id} shows it whole:`,
        [withPictures(one)],
      ),
    awaiting: ({ group, lines }: { group: string; lines: readonly string[] }) =>
      cutLines(
        `Waiting for your OK in "${group}"${lines.length > MOST_AWAITING ? `, the first ${MOST_AWAITING} of ${lines.length}` : ''}. *approve NUMBER sends one, *decline NUMBER drops it:`,
        lines.slice(0, MOST_AWAITING),
      ),
    awaitingWhole: ({ who, group, ...one }: Asked) =>
      `${who} to all of "${group}" (*approve ${one.id} sends it, *decline ${one.id} drops it):\n${withPictures(one)}`,
    noneAwaiting: ({ group, isOn }: { group: string; isOn: boolean }) =>
      `Nothing in "${group}" waits for your OK. ${isOn ? '*approval off lets speakers text everyone at once' : "*approval on holds speakers' texts to all until an owner says OK"}.`,
    notAwaiting: ({ group, id }: { group: string; id: number }) =>
      `No text with the number ${id} waits for your OK in "${group}": it was decided, or has ended. *approval shows what waits.`,
    approvalOn: ({ group }: { group: string }) =>
      `What speakers text to all of "${group}" now waits until an owner says OK. *approval off ends that.`,
    approvalOff: ({ group, waiting }: { group: string; waiting: number }) =>
      `Speakers in "${group}" text everyone at once now.${waiting === 0 ? '' : ' What waits still needs your OK: *approval shows it.'}`,
    approvalNotHere: ({ group }: { group: string }) =>
      `Approval is for groups where replies go only to the owner. "${group}" isn't one.`,
    approved: ({ who, group }: Of) => `OK, what ${who} wrote goes to all of "${group}" now.`,
    approvedForLater: ({ who, group }: Of) =>
      `OK, what ${who} wrote goes to all of "${group}" when its hours allow. *schedules shows it.`,
    approvedYours: ({ who, group }: Of) => `${who} said OK, so your text goes to all of "${group}".`,
    declinedIt: ({ who, group }: Of) => `OK, what ${who} wrote doesn't go to "${group}", and we've told them.`,
    declinedYours: ({ who, group, text }: Of & { text: string }) =>
      cutLines(`${who} said no, so this doesn't go to all of "${group}":`, [text]),
    lapsed: ({ group, text }: { group: string; text: string }) =>
      cutLines(`No owner said OK within a day, so this doesn't go to all of "${group}":`, [text]),
    speakerGone: ({ who, group }: Of) =>
      `${who} is gone, or gets no texts from us, so what they wanted to text all of "${group}" no longer waits for your OK.`,
  },
  { lists: ['awaits', 'awaiting', 'awaitingWhole', 'declinedYours', 'lapsed'] },
);
