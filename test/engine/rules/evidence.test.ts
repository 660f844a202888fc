import { expect } from 'chai';
import { sentAfterStop } from '../../../engine/rules/evidence.ts';

describe('the proof that nothing went after a STOP', () => {
  const BOB = '+14445550001';
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute));
  const said = (kind: string, minute: number, more: object = {}) => ({
    ...{ kind, about: 'texts', phone: BOB, number: null as string | null, at: at(minute) },
    ...more,
  });
  const text = (minute: number | null, more: object = {}) => ({
    ...{ phone: BOB, from: '+12015551001', ignoreOptOut: 0, sentAt: minute === null ? null : at(minute) },
    ...more,
  });

  const rows: [string, ReturnType<typeof said>[], ReturnType<typeof text>, number][] = [
    ['before it', [said('stop', 10)], text(5), 0],
    ['after it', [said('stop', 10)], text(15), 1],
    ['after START', [said('stop', 10), said('start', 12)], text(15), 0],
    ['that confirms it', [said('stop', 10)], text(15, { ignoreOptOut: 1 }), 0],
    ['that was never sent', [said('stop', 10)], text(null), 0],
    ['to somebody else', [said('stop', 10)], text(15, { phone: '+14445550002' }), 0],
    ['after one to another number', [said('stop', 10, { number: '+18335550100' })], text(15), 0],
    ['after one to this number', [said('stop', 10, { number: '+12015551001' })], text(15), 1],
    ['after a question that came later', [said('stop', 10), said('asked', 12)], text(15), 1],
    ['after leaving a group', [said('leave', 10, { about: 'membership' })], text(15), 0],
  ];
  for (const [what, consents, sent, count] of rows)
    it(`${count === 0 ? 'takes no exception to' : 'names'} a text ${what}`, () => {
      expect(sentAfterStop(consents, [sent])).to.have.length(count);
    });
});
