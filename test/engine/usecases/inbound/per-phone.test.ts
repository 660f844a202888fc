import { expect } from 'chai';
import type { Runtime } from '../../../../engine/platform/runtime.ts';
import { inWaves } from '../../../../engine/usecases/inbound/per-phone.ts';

describe('the texts of a phone', () => {
  it('wait for the earlier ones to be kept, and then go together, whatever became of those', async () => {
    const runtime = {} as Runtime;
    const begun: string[] = [];
    const ends = new Map<string, { keep: () => void; fail: (why: Error) => void }>();
    const text = (phone: string, name: string) =>
      inWaves(runtime, phone, () => {
        begun.push(name);
        return new Promise<string>((keep, fail) => ends.set(name, { keep: () => keep(name), fail }));
      });

    const first = text('ann', 'one');
    const others = [text('ann', 'two'), text('ann', 'three')];
    const bobs = text('bob', 'his');
    expect(begun).to.deep.equal(['one', 'his']);

    ends.get('one')?.fail(new Error('MySQL is away'));
    const failed = await first.catch((error: Error) => error.message);
    expect(failed).to.equal('MySQL is away');
    expect(begun).to.deep.equal(['one', 'his', 'two', 'three']);

    const last = text('ann', 'four');
    ends.get('two')?.keep();
    await others[0];
    expect(begun).to.not.include('four');
    ends.get('three')?.keep();
    await others[1];
    ends.get('four')?.keep();
    ends.get('his')?.keep();
    expect(await Promise.all([last, bobs])).to.deep.equal(['four', 'his']);

    const later = text('ann', 'five');
    ends.get('five')?.keep();
    expect(await later).to.equal('five');
  });
});
