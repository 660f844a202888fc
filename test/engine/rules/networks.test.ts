import { expect } from 'chai';
import { networks as atCarrier } from '../../../dev/simulator/networks.ts';
import { networkDay, networkNameOf, networkNames, networks, readNetwork } from '../../../engine/rules/networks.ts';

describe('the networks that limit campaigns', () => {
  it('are known by the codes that the carrier reports', () => {
    const named = atCarrier.filter(({ country }) => country === 'US').map(({ mcc, mnc }) => networkNameOf(mcc + mnc));
    expect(named).to.deep.equal(['att', 'tmobile', 'verizon', '311580']);
  });

  it('share no code, and codes have six digits', () => {
    const all = networkNames.flatMap((name) => [...networks[name]]);
    expect(new Set(all).size).to.equal(all.length);
    for (const code of all) expect(code).to.match(/^31[0-9]{4}$/);
  });

  for (const [said, wanted] of [
    ['tmobile', 'tmobile'],
    ['TMobile', 'tmobile'],
    ['310260', 'tmobile'],
    ['311580', '311580'],
    ['30272', '30272'],
    ['sprintel', null],
    ['', null],
  ] as const) {
    it(`are read as operators write them: "${said}"`, () => expect(readNetwork(said)).to.equal(wanted));
  }

  for (const [at, day, endsAt] of [
    ['2026-11-28T07:59:59Z', '2026-11-27', '2026-11-28T08:00:00Z'],
    ['2026-11-28T08:00:00Z', '2026-11-28', '2026-11-29T08:00:00Z'],
    // Summer begins and ends on these days there.
    ['2026-03-08T12:00:00Z', '2026-03-08', '2026-03-09T07:00:00Z'],
    ['2026-11-01T12:00:00Z', '2026-11-01', '2026-11-02T08:00:00Z'],
    ['2026-07-04T06:30:00Z', '2026-07-03', '2026-07-04T07:00:00Z'],
  ] as const) {
    it(`count days by Pacific time: ${at} is ${day}`, () => {
      expect(networkDay(new Date(at))).to.deep.equal({ day, endsAt: new Date(endsAt) });
    });
  }
});
