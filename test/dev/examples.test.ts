import { expect } from 'chai';
import { startExamples } from '../../dev/examples/server.ts';
import { freePort } from '../../dev/stack/port.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { until } from '../support/rows.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

describe('the bot among the examples', () => {
  let world: World;
  let group: TestGroup;
  let examples: Awaited<ReturnType<typeof startExamples>>;
  before(async () => {
    world = await openWorld({ env: { HOOKS_TO_PRIVATE: '1' } });
    group = await startGroup(world, ['Ann', 'Bob']);
    examples = await startExamples({ api: world.url, port: await freePort(), root: process.cwd() });
  });
  after(async () => {
    await examples.close();
    await world.close();
  });

  const join = (fields: object, origin: string) =>
    fetch(`${examples.url}/bot`, { method: 'POST', headers: { origin }, body: JSON.stringify(fields) });

  it('joins a group by a key of its owner, and answers by webhook what is for it', async () => {
    const sid = await openSid(world, group.phones.Ann ?? '');
    const made = await world.call('/v1/keys/create', { sid, name: 'bot', access: 'send', number: group.number });
    const { key } = made.body as { key: string };
    expect((await join({ key, number: group.number }, 'http://127.0.0.1:1')).status).to.equal(404);
    const refused = await join({ key: 'no key', number: group.number }, examples.url);
    expect([refused.status, await refused.text()]).to.deep.equal([
      400,
      'The session id is missing, unknown, logged out or expired.',
    ]);
    expect((await join({ key, number: group.number }, examples.url)).status).to.equal(204);
    for (const text of ['Who rolls?', '!roll 0', '!roll 1'])
      await world.text(group.phones.Bob ?? '', group.number, text);
    const heard = () => world.textsTo(group.phones.Bob ?? '').filter(({ text }) => text.includes('Dice: '));
    await until('the bot answers', async () => heard().length > 0);
    await world.quiet();
    expect(heard().map(({ text }) => text)).to.deep.equal(['Ann: Dice: 1']);
  });

  it('believes no webhook that is not signed', async () => {
    const post = (place: string) => fetch(`${examples.url}${place}`, { method: 'POST', body: '{}' });
    expect((await post(`/hook/${crypto.randomUUID()}`)).status).to.equal(404);
    expect((await fetch(`${examples.url}/client/..%2f..%2fpackage.json`)).status).to.equal(404);
  });
});
