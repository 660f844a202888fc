import { expect } from 'chai';
import fc from 'fast-check';
import type { AttemptReport, DeliveryEvent, DeliveryNow, DeliveryState, Step } from '../../../engine/rules/status.ts';
import { advance, backoffMs, deliveryStates, MAX_AGE_MS, newDelivery } from '../../../engine/rules/status.ts';

const last = (status: AttemptReport['status']): AttemptReport => ({ status, sequence: null });
/** In its second try; the first was refused by a carrier that was too busy. */
const second = { attempt: 2, pauses: 0, attemptLog: {} };
const starts: Record<DeliveryState, DeliveryNow> = {
  queued: { ...second, state: 'queued' },
  sending: { ...second, state: 'sending' },
  unknown: { ...second, state: 'unknown' },
  sent: { ...second, state: 'sent', attemptLog: { 2: last('sent') } },
  delivered: { ...second, state: 'delivered', attemptLog: { 2: last('delivered') } },
  undelivered: { ...second, state: 'undelivered', attemptLog: { 2: last('undelivered') } },
  failed: { ...second, state: 'failed', attemptLog: { 2: last('failed') } },
  skipped: { ...newDelivery, state: 'skipped' },
};

type Verdict = Extract<DeliveryEvent, { kind: 'outcome' }>['verdict'];
type Report = Extract<DeliveryEvent, { kind: 'report' }>;
const outcome = (verdict: Verdict, attempt = 2): DeliveryEvent => ({ kind: 'outcome', attempt, verdict });
const report = (status: Report['status'], more: Partial<Report> = {}): Report => {
  return { kind: 'report', attempt: 2, status, meaning: null, sequence: null, ...more };
};
const tell = (
  delivery: DeliveryNow,
  event: DeliveryEvent,
  more: { maxAttempts?: number; ageMs?: number } = {},
): Step => {
  return advance({ delivery, event, maxAttempts: 6, ageMs: 0, ...more });
};
/** All the news in turn, from a delivery that nothing happened to. */
const hear = (...all: DeliveryEvent[]): DeliveryNow =>
  all.reduce((known, event) => tell(known, event).next, newDelivery);

/** `=` nothing; else the new state, with `again` or `pause` for another try, `+` for a charge, `-` for a refund. */
function inShort(step: Step): string {
  if (!step.changed) return '=';
  const again = { no: '', backoff: ' again', pause: ' pause' }[step.again];
  return `${step.next.state}${again}${step.charge ? ' +' : ''}${step.refund ? ' -' : ''}`;
}

const skipsNothing = 'skipped: =';
/** What each piece of news does in each state; states with the same answer share an entry. */
const table: [event: string, event: DeliveryEvent, answers: string[]][] = [
  [
    'the same try is claimed',
    { kind: 'claimed', attempt: 2 },
    ['queued sending unknown sent delivered undelivered failed: ='],
  ],
  [
    'the next try is claimed',
    { kind: 'claimed', attempt: 3 },
    ['queued: sending', 'sending unknown sent delivered undelivered failed: ='],
  ],
  [
    'the send was accepted',
    outcome('accepted'),
    ['queued sending unknown: sent +', 'sent delivered undelivered failed: ='],
  ],
  [
    'the send may be tried again',
    outcome('retry'),
    ['sending unknown: queued again', 'queued sent delivered undelivered failed: ='],
  ],
  [
    'the send met a paused account',
    outcome('paused'),
    ['sending unknown: queued pause', 'queued sent delivered undelivered failed: ='],
  ],
  ['the send failed', outcome('failed'), ['sending unknown: failed', 'queued sent delivered undelivered failed: =']],
  [
    'nobody knows of the send',
    outcome('unknown'),
    ['sending: unknown', 'queued unknown sent delivered undelivered failed: ='],
  ],
  [
    'the unknown send is given up',
    { kind: 'expired', attempt: 2 },
    ['unknown: queued again', 'queued sending sent delivered undelivered failed: ='],
  ],
  [
    'an older unknown send is given up',
    { kind: 'expired', attempt: 1 },
    ['queued sending unknown sent delivered undelivered failed: ='],
  ],
  [
    'it is reported queued',
    report('queued'),
    ['queued sending unknown: sent +', 'sent delivered undelivered failed: ='],
  ],
  ['it is reported sent', report('sent'), ['queued sending unknown: sent +', 'sent delivered undelivered failed: =']],
  [
    'it is reported delivered',
    report('delivered'),
    ['queued sending unknown failed: delivered +', 'sent undelivered: delivered', 'delivered: ='],
  ],
  [
    'it is reported undelivered',
    report('undelivered'),
    ['queued sending unknown: undelivered +', 'sent: undelivered', 'delivered undelivered failed: ='],
  ],
  [
    'it is reported undelivered for now',
    report('undelivered', { meaning: 'retry' }),
    ['queued: queued +', 'sending unknown: queued again +', 'sent: queued again', 'delivered undelivered failed: ='],
  ],
  [
    'it is reported failed',
    report('failed'),
    ['queued sending unknown: failed', 'sent: failed -', 'delivered undelivered failed: ='],
  ],
  [
    'it is reported failed for now',
    report('failed', { meaning: 'retry' }),
    ['queued: queued', 'sending unknown: queued again', 'sent: queued again -', 'delivered undelivered failed: ='],
  ],
  [
    'it is reported failed for good',
    report('failed', { meaning: 'failed' }),
    ['queued sending unknown: failed', 'sent: failed -', 'delivered undelivered failed: ='],
  ],
  [
    'it is reported failed as the account is paused',
    report('failed', { meaning: 'paused' }),
    ['queued: queued', 'sending unknown: queued pause', 'sent: queued pause -', 'delivered undelivered failed: ='],
  ],
  [
    'it is reported failed as the member opted out',
    report('failed', { meaning: 'optout' }),
    ['queued sending unknown: failed', 'sent: failed -', 'delivered undelivered failed: ='],
  ],
  [
    'the first try was accepted after all',
    outcome('accepted', 1),
    ['queued unknown sent undelivered failed: sent +', 'sending: sending +', 'delivered: delivered +'],
  ],
  [
    'the first try may be tried again',
    outcome('retry', 1),
    ['queued sending unknown sent delivered undelivered failed: ='],
  ],
  ['the first try failed', outcome('failed', 1), ['queued sending unknown sent delivered undelivered failed: =']],
  [
    'the first try is reported sent',
    report('sent', { attempt: 1 }),
    ['queued unknown sent undelivered failed: sent +', 'sending: sending +', 'delivered: delivered +'],
  ],
  [
    'the first try is reported delivered',
    report('delivered', { attempt: 1 }),
    ['queued sending unknown sent delivered undelivered failed: delivered +'],
  ],
  [
    'the first try is reported undelivered',
    report('undelivered', { attempt: 1, meaning: 'retry' }),
    [
      'queued: queued +',
      'sending: sending +',
      'unknown: unknown +',
      'sent: sent +',
      'delivered: delivered +',
      'undelivered: undelivered +',
      'failed: failed +',
    ],
  ],
  [
    'the first try is reported failed',
    report('failed', { attempt: 1 }),
    [
      'queued: queued',
      'sending: sending',
      'unknown: unknown',
      'sent: sent',
      'delivered: delivered',
      'undelivered: undelivered',
      'failed: failed',
    ],
  ],
  [
    'a try that was not written down was accepted',
    outcome('accepted', 3),
    ['queued sending unknown sent undelivered failed: sent +', 'delivered: delivered +'],
  ],
  [
    'a try that was not written down is reported delivered',
    report('delivered', { attempt: 3 }),
    ['queued sending unknown sent delivered undelivered failed: delivered +'],
  ],
];

describe('one step of a delivery', () => {
  for (const [what, event, answers] of table) {
    it(`when ${what}`, () => {
      const rows = [...answers, skipsNothing].flatMap((answer) => {
        const [states = '', expected = ''] = answer.split(': ');
        return states.split(' ').map((state) => [state, expected] as const);
      });
      const expected = new Map<string, string>(rows);
      expect(expected.size, 'every state has an answer').to.equal(deliveryStates.length);
      for (const state of deliveryStates) {
        expect(inShort(tell(starts[state], event)), `in ${state}`).to.equal(expected.get(state));
      }
    });
  }

  it('says which states expect nothing more', () => {
    const done = deliveryStates.filter((state) => tell(starts[state], { kind: 'claimed', attempt: 1 }).final);
    expect(done).to.deep.equal(['delivered', 'undelivered', 'failed', 'skipped']);
  });
});

describe('the tries of a delivery', () => {
  it('end when there were enough', () => {
    for (const event of [outcome('retry'), report('failed', { meaning: 'retry' })]) {
      expect(inShort(tell(starts.sending, event, { maxAttempts: 3 }))).to.equal('queued again');
      expect(inShort(tell(starts.sending, event, { maxAttempts: 2 }))).to.equal('failed');
    }
    const givenUp: DeliveryEvent = { kind: 'expired', attempt: 2 };
    expect(inShort(tell(starts.unknown, givenUp, { maxAttempts: 2 }))).to.equal('failed');
    const missed = report('undelivered', { meaning: 'retry' });
    expect(inShort(tell(starts.sending, missed, { maxAttempts: 2 }))).to.equal('undelivered +');
  });

  it('end after a day', () => {
    expect(inShort(tell(starts.sending, outcome('retry'), { ageMs: MAX_AGE_MS - 1 }))).to.equal('queued again');
    expect(inShort(tell(starts.sending, outcome('retry'), { ageMs: MAX_AGE_MS }))).to.equal('failed');
    expect(inShort(tell(starts.sending, outcome('paused'), { ageMs: MAX_AGE_MS }))).to.equal('failed');
  });

  it('are not used up by a paused account', () => {
    let known = newDelivery;
    for (let attempt = 1; attempt <= 50; attempt++) {
      known = tell(known, { kind: 'claimed', attempt }).next;
      known = tell(known, outcome('paused', attempt), { maxAttempts: 1 }).next;
      expect(known.state).to.equal('queued');
    }
    expect(known).to.deep.equal({ state: 'queued', attempt: 50, pauses: 50, attemptLog: {} });
    known = tell(known, { kind: 'claimed', attempt: 51 }).next;
    expect(tell(known, outcome('retry', 51), { maxAttempts: 1 }).next.state).to.equal('failed');
  });

  it('wait for the carrier while it has an older one under way', () => {
    const older = report('sent', { attempt: 1 });
    const waiting = tell(tell(starts.sending, older).next, outcome('retry'));
    expect(inShort(waiting)).to.equal('sent');
    expect(inShort(tell(waiting.next, report('failed', { attempt: 1, meaning: 'retry' })))).to.equal('queued again -');
    expect(inShort(tell(waiting.next, report('failed', { attempt: 1 })))).to.equal('failed -');
    expect(inShort(tell(waiting.next, report('delivered', { attempt: 1 })))).to.equal('delivered');
  });

  it('are both paid for when the carrier took both', () => {
    const givenUp: DeliveryEvent[] = [
      outcome('unknown', 1),
      { kind: 'expired', attempt: 1 },
      { kind: 'claimed', attempt: 2 },
    ];
    const known = hear({ kind: 'claimed', attempt: 1 }, ...givenUp, outcome('accepted'));
    expect(inShort(tell(known, report('sent', { attempt: 1 })))).to.equal('sent +');
  });
});

describe('the reports of a try', () => {
  it('count by their sequence', () => {
    const known = hear(outcome('accepted', 1), report('sent', { attempt: 1, sequence: 2 }));
    for (const sequence of [1, 2]) {
      expect(inShort(tell(known, report('failed', { attempt: 1, sequence })))).to.equal('=');
    }
    expect(inShort(tell(known, report('failed', { attempt: 1, sequence: 3 })))).to.equal('failed -');
  });

  it('may come before the answer to the send, which then changes nothing', () => {
    for (const status of ['queued', 'sent', 'delivered', 'undelivered', 'failed'] as const) {
      const known = tell(starts.sending, report(status, { sequence: 1 })).next;
      expect(inShort(tell(known, outcome('accepted')))).to.equal('=');
    }
  });

  it('stop a try that is still waiting, when the last one failed for good', () => {
    const known = hear({ kind: 'claimed', attempt: 1 }, outcome('unknown', 1), { kind: 'expired', attempt: 1 });
    expect(inShort(tell(known, report('failed', { attempt: 1, meaning: 'optout' })))).to.equal('failed');
    expect(inShort(tell(known, report('sent', { attempt: 1 })))).to.equal('sent +');
  });
});

describe('any history of a delivery', () => {
  const attempt = fc.integer({ min: 1, max: 4 });
  const sequence = fc.option(fc.integer({ min: 1, max: 6 }));
  const status = fc.constantFrom<Report['status'][]>('queued', 'sent', 'delivered', 'undelivered', 'failed');
  const meaning = fc.constantFrom<Report['meaning'][]>(null, 'retry', 'failed', 'optout', 'paused');
  const verdict = fc.constantFrom<Verdict[]>('accepted', 'retry', 'paused', 'failed', 'unknown');
  const anyReport = fc.record({ kind: fc.constant('report' as const), attempt, status, meaning, sequence });
  const anyNews: fc.Arbitrary<DeliveryEvent> = fc.oneof(
    fc.record({ kind: fc.constant('claimed' as const), attempt }),
    fc.record({ kind: fc.constant('expired' as const), attempt }),
    fc.record({ kind: fc.constant('outcome' as const), attempt, verdict }),
    { arbitrary: anyReport, weight: 2 },
  );
  const history = fc.array(anyNews, { maxLength: 25 });
  const many = { numRuns: 2_000 };

  it('stays delivered once it is', () => {
    fc.assert(
      fc.property(history, history, (before, later) => {
        const delivered = tell(hear(...before), report('delivered')).next;
        expect(delivered.state).to.equal('delivered');
        expect(later.reduce((known, event) => tell(known, event).next, delivered).state).to.equal('delivered');
      }),
      many,
    );
  });

  it('hears the same news twice as once', () => {
    fc.assert(
      fc.property(history, anyNews, (before, event) => {
        const once = tell(hear(...before), event).next;
        const twice = tell(once, event);
        expect(inShort(twice)).to.equal('=');
        expect(twice.next).to.equal(once);
      }),
      many,
    );
  });

  it('pays for a try once or not at all, and exactly for those that the carrier took and did not give back', () => {
    fc.assert(
      fc.property(history, (all) => {
        const paid = new Map<number, number>();
        let known = newDelivery;
        for (const event of all) {
          const step = tell(known, event);
          const sum = (paid.get(event.attempt) ?? 0) + Number(step.charge) - Number(step.refund);
          expect(sum).to.be.within(0, 1);
          paid.set(event.attempt, sum);
          known = step.next;
        }
        for (const [attempt, sum] of paid) {
          const last = known.attemptLog[attempt]?.status;
          expect(sum).to.equal(last === undefined || last === 'failed' ? 0 : 1);
        }
      }),
      many,
    );
  });

  it('says another try is due exactly when it goes back to the queue, and has nothing to do without a change', () => {
    fc.assert(
      fc.property(history, anyNews, (before, event) => {
        const known = hear(...before);
        const step = tell(known, event);
        if (step.again !== 'no') expect(step.next.state).to.equal('queued');
        if (step.next.state === 'queued' && known.state !== 'queued') expect(step.again).not.to.equal('no');
        if (!step.changed) expect([step.again, step.charge, step.refund]).to.deep.equal(['no', false, false]);
        expect(step.charge && step.refund).to.equal(false);
        expect(step.next.pauses).to.be.at.most(step.next.attempt);
      }),
      many,
    );
  });

  it('never tries again while the carrier has a try under way', () => {
    fc.assert(
      fc.property(history, anyNews, (before, event) => {
        const step = tell(hear(...before), event);
        if (step.again === 'no') return;
        expect(Object.values(step.next.attemptLog).map((one) => one.status)).not.to.include.members(['sent']);
      }),
      many,
    );
  });

  const ofOneTry = fc.record({
    kind: fc.constant('report' as const),
    attempt: fc.constant(1),
    status,
    meaning,
    sequence,
  });
  const shuffled = fc
    .array(ofOneTry, { minLength: 1, maxLength: 6 })
    .chain((reports) =>
      fc.shuffledSubarray(reports, { minLength: reports.length }).map((other) => [reports, other] as const),
    );

  it('ends delivered in whatever order the reports of one try come, if one of them says so', () => {
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const said = report('delivered', { attempt: 1 });
        for (const order of [
          [...one, said],
          [said, ...other],
          [...other, said, ...one],
        ]) {
          expect(hear(...order).state).to.equal('delivered');
        }
      }),
      many,
    );
  });

  it('keeps the same last word in whatever order numbered reports come', () => {
    fc.assert(
      fc.property(shuffled, ([reports]) => {
        const numbered = reports.map(
          (one, n) => ({ ...one, status: one.status === 'delivered' ? 'sent' : one.status, sequence: n + 1 }) as Report,
        );
        const last = numbered.at(-1)?.status;
        for (const order of [numbered, numbered.toReversed()]) {
          expect(hear(outcome('accepted', 1), ...order).attemptLog[1]?.status).to.equal(
            last === 'queued' ? 'sent' : last,
          );
          expect(hear(...order, outcome('accepted', 1)).attemptLog[1]?.status).to.equal(
            last === 'queued' ? 'sent' : last,
          );
        }
      }),
      many,
    );
  });
});

describe('the wait before another try', () => {
  const rows: [tried: number, seconds: number][] = [
    [0, 5],
    [1, 5],
    [2, 15],
    [3, 60],
    [4, 300],
    [5, 1_800],
    [6, 3_600],
    [40, 3_600],
  ];
  for (const [tried, seconds] of rows) {
    it(`is ${seconds} s, give or take half, after ${tried} tries`, () => {
      expect([0, 0.5, 1].map((random) => backoffMs(tried, random) / 1_000)).to.deep.equal([
        seconds * 0.5,
        seconds,
        seconds * 1.5,
      ]);
    });
  }
});
