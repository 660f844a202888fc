import { cut } from '../fit.ts';
import { patternOf } from '../languages/arguments.ts';
import type { Repeat } from '../repeats.ts';
import { sayDays } from '../repeats.ts';
import { readSpokenTime } from '../spoken-times.ts';
import { texts } from '../texts.ts';
import { sayerOf } from '../waiting.ts';
import { sayHour, sayTime } from '../wall-clock.ts';
import { wording } from '../wording.ts';
import { words } from '../words.ts';
import { readZone, zoneOf } from '../zones.ts';
import { answer, type CommandRows, explain } from './command.ts';

/** Texts that wait for their time, and the clock that the times are meant by. */
export const schedule = {
  schedule: {
    also: ['later', 'remind', 'reminder', 'at'],
    usage: '*schedule TIME text',
    does: 'sends a text later: tomorrow 7pm, every Tue 18:00',
    permission: 'schedule',
    needs: 'schedules',
    run({ membership: { roster, member }, rest, said, suspended, context, how }) {
      const { name: group } = roster.group;
      if (rest === '') return explain(how);
      const zone = zoneOf(member, context.defaultZone);
      const found = readSpokenTime(rest, { now: context.now, zone });
      if (found === null) return answer(scheduleTexts.noTime({ now: sayHour(context.now, zone) }));
      if (said.media.length > 0) return answer(scheduleTexts.noPictures());
      if (found.text === '') return explain(how);
      if (roster.group.paused) return answer(texts.paused({ group }));
      if (suspended) return answer(texts.suspended({ group }));
      const when = sayWhen({ ...found, zone, now: context.now });
      return [
        {
          ...{ kind: 'schedule', text: found.text, media: [], cc: said.cc, saidBy: sayerOf(member) },
          ...{ sendAt: found.at, repeat: found.repeat },
        },
        ...answer(scheduleTexts.scheduled({ group, when, text: found.text })),
      ];
    },
  },
  schedules: {
    also: ['scheduled', 'upcoming', 'unschedule', 'programme', 'programmes'],
    usage: '*schedules',
    does: 'lists what waits; cancel 7 takes one back',
    permission: 'manageSchedules',
    needs: 'schedules',
    run({ membership: { roster, member }, rest, context, how }) {
      const { name: group } = roster.group;
      const waiting = context.schedules ?? [];
      const [, typed] = CANCEL.exec(rest) ?? [];
      if (rest !== '' && typed === undefined) return explain(how);
      if (typed !== undefined) {
        const one = waiting.find(({ id }) => id === Number(typed));
        if (one === undefined) return answer(scheduleTexts.noSuch({ group, id: typed }));
        return [
          { kind: 'unschedule', scheduleId: one.id },
          ...answer(scheduleTexts.cancelled({ group, text: one.text })),
        ];
      }
      if (waiting.length === 0) return answer(scheduleTexts.none({ group }));
      const zone = zoneOf(member, context.defaultZone);
      const lines = waiting.map(({ id, text, sendAt, repeat, headCount }) => {
        const when = sayWhen({ at: sendAt.getTime(), repeat, zone, now: context.now });
        return `${id}${headCount === true ? ` (${words().headCount})` : ''}: ${when}: ${text}`;
      });
      return answer(scheduleTexts.waiting({ group, lines }));
    },
  },
  zone: {
    also: ['timezone', 'tz', 'time'],
    usage: '*zone PLACE',
    does: 'sets your time zone: Eastern, Denver',
    permission: 'changeSelf',
    run({ membership: { roster, member }, rest, context }) {
      const { name: group } = roster.group;
      if (rest === '') {
        const zone = zoneOf(member, context.defaultZone);
        return answer(scheduleTexts.zoneIs({ group, zone, time: sayHour(context.now, zone) }));
      }
      const zone = readZone(rest.slice(0, 60));
      if (zone === null) return answer(scheduleTexts.noZone({ typed: rest.slice(0, 40) }));
      return [
        { kind: 'setMember', membershipId: member.id, patch: { zone } },
        ...answer(scheduleTexts.zoneSet({ group, zone, time: sayHour(context.now, zone) })),
      ];
    },
  },
} satisfies CommandRows;

const CANCEL = new RegExp(`^${patternOf('cancel', 'delete', 'remove', 'off')}\\s+#?(\\d{1,15})[.!]?$`, 'iu');

function sayWhen(of: { at: number; repeat: Repeat | null; zone: string; now: number }): string {
  const { at, repeat, zone, now } = of;
  const first = sayTime(at, zone, now);
  if (repeat === null) return first;
  return words().repeated({ days: sayDays(repeat.days), hour: sayHour(at, repeat.zone), first });
}

/** As many lines as an answer has room for, whole texts cut short first. */
export function fitLines(lines: readonly string[]): string {
  const room = 170;
  const short = lines.map((line) => cut(line, 70));
  let used = 0;
  const shown = short.filter((line) => {
    used += line.length + 1;
    return used <= room;
  });
  const more = lines.length - shown.length;
  return more === 0 ? shown.join('\n') : `${shown.join('\n')}\n${words().moreLines(more)}`;
}

/** What these commands say. */
export const scheduleTexts = wording({
  scheduled: ({ group, when, text }: { group: string; when: string; text: string }) =>
    `To "${group}", ${when}: ${cut(text, 60)}\n*schedules lists what waits, and takes it back.`,
  noTime: ({ now }: { now: string }) =>
    `Say a time of day that is still to come, then the text: *schedule tomorrow 7pm Hi. It's ${now} for you; *zone changes that. Nothing was scheduled.`,
  noPictures: () => "Pictures can't wait for a time, only words. Nothing was scheduled.",
  none: ({ group }: { group: string }) => `Nothing waits to go out to "${group}". *schedule TIME text adds one.`,
  waiting: ({ group, lines }: { group: string; lines: readonly string[] }) =>
    `To "${group}":\n${fitLines(lines)}\n*schedules cancel NUMBER takes one back.`,
  noSuch: ({ group, id }: { group: string; id: string }) =>
    `Nothing with the number ${id} waits to go out to "${group}". *schedules lists what does.`,
  cancelled: ({ group, text }: { group: string; text: string }) => `This won't go out to "${group}": ${cut(text, 60)}`,
  zoneIs: ({ group, zone, time }: { group: string; zone: string; time: string }) =>
    `Your time zone in "${group}" is ${zone}, where it's ${time}. Text *zone and another place, such as *zone Pacific, to change it.`,
  zoneSet: ({ group, zone, time }: { group: string; zone: string; time: string }) =>
    `Your time zone in "${group}" is ${zone} now, where it's ${time}.`,
  noZone: ({ typed }: { typed: string }) =>
    `We know no time zone ${typed}. Text *zone and Eastern, Central, Mountain, Pacific, Alaska, Hawaii, Atlantic or a big city. Nothing was changed.`,
});
