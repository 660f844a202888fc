import { expect } from 'chai';
import fc from 'fast-check';
import type { OpenPoll } from '../../../engine/rules/polls.ts';
import { readWhen, routeDue, writeTime } from '../../../engine/rules/schedule.ts';
import type { Group, Member, Roster } from '../../../engine/rules/types.ts';

const now = Date.UTC(2026, 10, 23, 21, 0, 0, 500);

describe('the times of a schedule', () => {
  const good: [string, string, string[]][] = [
    ['one', '2026-11-23 21:00:01', ['2026-11-23 21:00:01']],
    ['several, ascending', '2027-01-01 00:00:00,2026-12-31 23:59:59', ['2026-12-31 23:59:59', '2027-01-01 00:00:00']],
    [
      'spaces around a comma',
      ' 2027-01-01 00:00:00 , 2027-01-02 00:00:00 ',
      ['2027-01-01 00:00:00', '2027-01-02 00:00:00'],
    ],
    ['equal ones once', '2027-01-01 00:00:00,2027-01-01 00:00:00', ['2027-01-01 00:00:00']],
    ['a leap day', '2028-02-29 12:00:00', ['2028-02-29 12:00:00']],
    ['the last second there is', '9999-12-31 23:59:59', ['9999-12-31 23:59:59']],
  ];
  for (const [what, list, times] of good) {
    it(`may be ${what}`, () => {
      const read = readWhen(list, now);
      expect('times' in read && read.times.map(writeTime)).to.deep.equal(times);
    });
  }

  const bad: [string, string, string][] = [
    ['no time', 'tomorrow', 'tomorrow'],
    ['a day alone', '2027-01-01', '2027-01-01'],
    ['the way of ISO 8601', '2027-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['one digit', '2027-1-01 00:00:00', '2027-1-01 00:00:00'],
    ['a day that no calendar has', '2027-02-29 00:00:00', '2027-02-29 00:00:00'],
    ['a 31st of a short month', '2027-04-31 00:00:00', '2027-04-31 00:00:00'],
    ['a 13th month', '2027-13-01 00:00:00', '2027-13-01 00:00:00'],
    ['hour 24', '2027-01-01 24:00:00', '2027-01-01 24:00:00'],
    ['second 60', '2027-01-01 00:00:60', '2027-01-01 00:00:60'],
    ['now', '2026-11-23 21:00:00', '2026-11-23 21:00:00'],
    ['the past', '2026-11-23 20:59:59', '2026-11-23 20:59:59'],
    ['the first bad one of several', '2027-01-01 00:00:00,nine,ten', 'nine'],
    ['nothing between commas', '2027-01-01 00:00:00,', ''],
  ];
  for (const [what, list, wrong] of bad) {
    it(`may not be ${what}`, () => expect(readWhen(list, now)).to.deep.equal({ wrong }));
  }

  it('come out as they went in, whatever second it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: Math.ceil(now / 1000), max: 253_402_300_799 }), (second) => {
        const written = writeTime(new Date(second * 1000));
        const read = readWhen(written, now);
        expect('times' in read && read.times.map((time) => time.getTime())).to.deep.equal([second * 1000]);
      }),
    );
  });
});

describe('a scheduled text whose time has come', () => {
  const member = (name: string, more: Partial<Member>): Member => ({
    ...{ id: 1, personId: 1, phone: '+14445550001', numberId: 1, number: '+12015551001', name, owner: false },
    ...{
      coOwner: false,
      language: null,
      broadcast: false,
      left: false,
      sms: 1,
      smsChosen: 1,
      zone: null,
      batch: null,
      mutedUntil: null,
      blocked: false,
      ...more,
    },
  });
  const group: Group = {
    ...{ id: 1, name: 'Hikers', number: '+12015551001', ownerPersonId: 1, version: 1, notifyOnAdd: false },
    ...{ replyToOwner: false, disableWho: false, disableAdd: false, isPublic: false, inviteCode: null },
    ...{ description: null, digest: false, hours: null },
  } as Group;
  const due = {
    scheduleId: 7,
    text: 'Bring water',
    cc: false,
    sendAt: new Date(now),
    repeat: null,
    media: [],
    saidBy: null,
    awaitsApproval: false,
  };
  const scene = (more: { left?: boolean; suspended?: boolean; late?: number; poll?: OpenPoll } = {}) => {
    const ann = member('Ann', { owner: true, left: more.left ?? false });
    const roster: Roster = { group, members: [ann, member('Bob', { id: 2, personId: 2, phone: '+14445550002' })] };
    return {
      by: { roster, member: ann },
      ...{
        suspended: more.suspended ?? false,
        now: now + (more.late ?? 0),
        defaultZone: 'America/New_York',
        legalHours: true,
        poll: more.poll ?? null,
      },
    };
  };

  it('goes out under the owner’s name', () => {
    expect(routeDue({ ...due, media: ['media:lake.gif'], cc: true }, scene())).to.deep.equal([
      { kind: 'sayDue', scheduleId: 7, text: 'Ann: Bring water', media: ['media:lake.gif'], cc: true, toId: null },
    ]);
  });

  it('is a message also where it begins with a star', () => {
    const [effect] = routeDue({ ...due, text: '*bye' }, scene());
    expect(effect).to.include({ kind: 'sayDue', text: 'Ann: *bye' });
  });

  const dropped: [string, Parameters<typeof scene>[0], RegExp][] = [
    ['61 minutes late', { late: 61 * 60_000 }, /over an hour late/],
    ['while the account is suspended', { suspended: true }, /balance/],
    ['when the owner has left', { left: true }, /you left.*\*hi/],
  ];
  for (const [when, more, says] of dropped) {
    it(`is dropped, and the owner told, ${when}`, () => {
      const [drop, told] = routeDue(due, scene(more));
      expect(drop).to.deep.equal({ kind: 'dropDue', scheduleId: 7 });
      expect(told).to.include({ kind: 'answer' });
      expect((told as { text: string }).text)
        .to.match(says)
        .and.contain('2026-11-23 21:00:00');
    });
  }

  it('that nobody has approved in time is over, and who wrote it told', () => {
    const [lapse, told, ...more] = routeDue({ ...due, awaitsApproval: true }, scene());
    expect(lapse).to.deep.equal({ kind: 'lapseApproval', scheduleId: 7 });
    expect((told as { text: string }).text).to.match(/^No owner said OK within a day.*\nBring water$/s);
    expect(more).to.deep.equal([]);
  });

  const asks = { ...due, text: 'Practice at 6', headCount: true as const };
  const open = (more: Partial<OpenPoll>): OpenPoll => ({
    ...{ id: 3, byId: 2, question: 'Practice at 6?', choices: ['yes', 'no', 'maybe'], openedAt: now - 3_600_000 },
    ...more,
  });
  const opened = { kind: 'openPoll', question: 'Practice at 6?', choices: ['yes', 'no', 'maybe'] };
  for (const [what, poll, insteadOf] of [
    ['no poll is open', undefined, null],
    ['its own of the week before is', open({}), 3],
    ['another is, and takes no answers any more', open({ question: 'Dinner?', openedAt: now - 8 * 86_400_000 }), 3],
  ] as const) {
    it(`asks who comes where it is to and ${what}`, () => {
      const [asked, said, ...more] = routeDue(asks, scene(poll === undefined ? {} : { poll }));
      expect(asked).to.deep.equal({ ...opened, insteadOf });
      expect(said).to.include({ kind: 'sayDue', text: 'Ann: Practice at 6? Reply yes, no or maybe' });
      expect(more).to.deep.equal([]);
    });
  }

  it('goes out as it is while another poll is open, and who says it is told', () => {
    const [told, said] = routeDue(asks, scene({ poll: open({ question: 'Dinner?' }) }));
    expect((told as { text: string }).text).to.match(/^Your text to "Hikers" went out without asking who comes/);
    expect(said).to.include({ kind: 'sayDue', text: 'Ann: Practice at 6' });
  });

  const weekly = { days: [1], minute: 16 * 60, zone: 'America/New_York' };
  const again = {
    text: 'Bring water',
    media: [],
    saidBy: null,
    cc: false,
    repeat: weekly,
    sendAt: Date.UTC(2026, 10, 30, 21),
  };

  it('waits for its next time where it repeats, whether it was sent or dropped', () => {
    expect(routeDue({ ...due, repeat: weekly }, scene())[0]).to.deep.include({ kind: 'sayDue', again });
    const drops = [scene({ suspended: true }), scene({ late: 61 * 60_000 })];
    for (const one of drops)
      expect(routeDue({ ...due, repeat: weekly }, one)[0]).to.deep.equal({ kind: 'dropDue', scheduleId: 7, again });
  });

  it('ends where its owner has left, for they would be told each time', () => {
    const [drop] = routeDue({ ...due, repeat: weekly }, scene({ left: true, late: 61 * 60_000 }));
    expect(drop).to.deep.equal({ kind: 'dropDue', scheduleId: 7 });
  });

  it('makes up for no time that has passed meanwhile', () => {
    const [drop] = routeDue({ ...due, repeat: weekly }, scene({ late: 15 * 24 * 3_600_000 }));
    expect(drop).to.deep.include({ again: { ...again, sendAt: Date.UTC(2026, 11, 14, 21) } });
  });

  it('goes out when it is 60 minutes late', () => {
    expect(routeDue(due, scene({ late: 60 * 60_000 }))[0]?.kind).to.equal('sayDue');
  });
});
