import { expect } from 'chai';
import { row } from '../db/connect.ts';
import { openDelivering } from '../engine/delivery/deliver.ts';
import { fanOut } from '../engine/delivery/fanout.ts';
import { openLogger } from '../engine/platform/logger.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { receive } from '../engine/usecases/receive.ts';
import { startGroup, type TestGroup } from './support/group.ts';
import { runtimeWith } from './support/runtime.ts';
import { openSid } from './support/session.ts';
import { openWorld, type World } from './support/world.ts';

type Line = { msg: string; requestId?: string; message?: number; messages?: number[] };

describe('the id of a request', () => {
  let world: World;
  let group: TestGroup;
  let ann: string;
  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, ['Ann', 'Bob', 'Cy'], { quiet: false });
    ann = group.phones.Ann ?? '';
  });
  after(() => world.close());

  it('is in each line about a text, from the webhook over the fan-out to the sender, which read it from the message', async () => {
    const lines: Line[] = [];
    const log = openLogger({ level: 'debug', process: 'test' }, { write: (line) => lines.push(JSON.parse(line)) });
    const jobs: Parameters<Runtime['queues']['addSends']>[0][number][] = [];
    const { queues } = world.runtime;
    const logged = runtimeWith(world.runtime, {
      log,
      queues: { ...queues, addFanOut: async () => {}, addSends: async (some) => void jobs.push(...some) },
    });
    const requestId = 'webhook-4711';
    world.simulator.fault({ kind: '400', phone: group.phones.Cy ?? '' });
    const text = { carrierId: 'text-1', from: ann, to: group.number, text: 'Hello', media: [], intent: null };
    await receive(logged, text, { log: log.child({ requestId }), requestId });
    const [received] = lines.filter(({ msg }) => msg === 'a text was received');
    const [id = 0] = received?.messages ?? [];
    await fanOut(logged, [id]);
    const delivering = openDelivering(logged);
    try {
      for (const job of jobs) await delivering.deliver(job);
    } finally {
      delivering.stop();
    }
    const told = lines.filter((line) => line.requestId === requestId);
    expect(told.map(({ msg }) => msg)).to.include.members([
      'a text was received',
      'a message was fanned out',
      'the carrier refused a text for good',
      'texts went to the carrier',
    ]);
    expect(told.filter(({ msg }) => msg !== 'a text was received').map(({ message }) => message)).to.satisfy(
      (all: number[]) => all.every((one) => one === id),
    );
    expect(lines.filter(({ msg }) => /fanned out|went to|refused/.test(msg))).to.deep.equal(
      told.filter(({ msg }) => msg !== 'a text was received'),
    );
  });

  it('is kept with what an app says, as its proxy named it', async () => {
    const params = { sid: await openSid(world, ann), number: group.number, message: 'By an app' };
    await world.call('/message/send', params, { headers: { 'X-Request-Id': 'proxy-12345' } });
    const kept = await row<{ requestId: string }>(
      world.runtime.db,
      "SELECT request_id AS requestId FROM messages WHERE text LIKE '%By an app'",
    );
    expect(kept?.requestId).to.equal('proxy-12345');
  });
});
