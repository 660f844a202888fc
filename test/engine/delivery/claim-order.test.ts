import { expect } from 'chai';
import type { BatchPayload } from '../../../db/deliveries/batches.ts';
import { BEHIND, lookAfterMs, STRANDED, whoGoesFirst } from '../../../engine/delivery/claim-order.ts';
import { openRun, type Run } from '../../../engine/delivery/send-order.ts';

describe('what a claim looks at', () => {
  const batch = (messageId: number, more: { looks?: true; run?: Run } = {}) => ({
    ...{ messageId, batch: 0, part: 0, attempt: 1, to: [1] },
    ...more,
  });
  const payload = (messageId: number, behind: string | null) => ({ messageId, batch: 0, behind }) as BatchPayload;
  const run = (...claimed: string[]): Run => ({ ...openRun([]), claimed: new Set(claimed) });

  type Looked = {
    asked: ReturnType<typeof batch>[];
    parts?: Parameters<typeof whoGoesFirst>[1]['parts'];
    sent?: string[];
    here?: string[];
  };
  function look(payloads: readonly BatchPayload[], { asked, parts = [], sent = [], here = [] }: Looked) {
    const wanted = new Map(asked.map((one) => [`${one.messageId}-${one.batch}`, one]));
    const found = whoGoesFirst(payloads, {
      ...{ asked: wanted, parts },
      sent: new Set(sent),
      isHere: (name) => here.includes(name),
    });
    return { behind: Object.fromEntries(found.behind), reliedOn: Object.fromEntries(found.reliedOn) };
  }

  it('is what goes first: under way here or elsewhere, or with nobody, and no hindrance once it went from here', () => {
    const payloads = [payload(9, '1-0 waits'), payload(8, '1-0'), payload(7, '2-0 waits,3-0'), payload(6, null)];
    const asked = [9, 8, 7, 6].map((id) => batch(id));
    const before = { '9-0': STRANDED, '8-0': BEHIND, '7-0': STRANDED, '6-0': null };
    expect(look(payloads, { asked }).behind).to.deep.equal(before);
    expect(look(payloads, { asked, here: ['1-0', '2-0'] }).behind).to.include({ '9-0': BEHIND, '7-0': BEHIND });
    expect(look(payloads, { asked, sent: ['1-0', '3-0'] }).behind).to.include({ '9-0': null, '7-0': STRANDED });
  });

  it('lets one of a run count on those before it, in whatever order they ask', () => {
    const mine = run('1-0');
    const asked = [4, 3, 2].map((id) => batch(id, { run: mine }));
    const payloads = [payload(4, '1-0,2-0 waits,3-0 waits'), payload(3, '1-0,2-0 waits'), payload(2, '1-0')];
    expect(look(payloads, { asked })).to.deep.equal({
      behind: { '2-0': null, '3-0': null, '4-0': null },
      reliedOn: { '2-0': [], '3-0': ['2-0'], '4-0': ['2-0', '3-0'] },
    });
  });

  it('lets it count on none that may not go itself, that only looks, or is of no run or another', () => {
    const mine = run();
    const payloads = [payload(2, '1-0 waits'), payload(3, '2-0 waits'), payload(4, null), payload(5, '4-0 waits')];
    const asked = [batch(2, { run: mine }), batch(3, { run: mine }), batch(4, { run: run() }), batch(5, { run: mine })];
    const here = ['1-0', '2-0', '4-0'];
    expect(look(payloads, { asked, here }).behind).to.deep.equal({
      ...{ '2-0': BEHIND, '3-0': BEHIND, '4-0': null, '5-0': BEHIND },
    });
    const looking = [batch(4, { run: mine, looks: true }), batch(5, { run: mine })];
    expect(look(payloads.slice(2), { asked: looking, here }).behind).to.include({ '5-0': BEHIND });
    expect(look(payloads.slice(2), { asked: [batch(4), batch(5, { run: mine })], here }).behind).to.include({
      '5-0': BEHIND,
    });
  });

  it('is an earlier part of the message too, for the same people', () => {
    const second = { ...batch(1), batch: 7, part: 1 };
    const asked = [second];
    const payloads = [{ ...payload(1, null), batch: 7 }];
    const part = (more: object) => [{ messageId: 1, batch: 0, personId: 1, part: 0, waits: 1, ...more }];
    expect(look(payloads, { asked, parts: part({}) }).behind).to.deep.equal({ '1-7': STRANDED });
    expect(look(payloads, { asked, parts: part({ waits: 0 }) }).behind).to.deep.equal({ '1-7': BEHIND });
    for (const other of [{ personId: 2 }, { part: 1 }, { messageId: 2 }])
      expect(look(payloads, { asked, parts: part(other) }).behind).to.deep.equal({ '1-7': null });
    const mine = run();
    const both = [
      { ...second, run: mine },
      { ...batch(1), run: mine },
    ];
    const all = [...payloads, payload(1, null)];
    expect(look(all, { asked: both, parts: part({}) }).reliedOn).to.deep.equal({ '1-0': [], '1-7': ['1-0'] });
  });

  it('is looked at less and less often', () => {
    const waits = Array.from({ length: 20 }, (_, looks) => lookAfterMs(looks));
    expect(waits[0]).to.equal(25);
    expect(waits).to.deep.equal(waits.toSorted((a, b) => a - b));
    expect(waits.at(-1)).to.equal(250);
  });
});
