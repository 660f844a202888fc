import { expect } from 'chai';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { openSid } from '../../support/session.ts';
import { openWorld, type World } from '../../support/world.ts';

const names = ['Ann', ...Array.from({ length: 11 }, (_, at) => `M${at}`)];

describe('a text that many react to at once', () => {
  let world: World;
  let group: TestGroup;
  let sid: string;
  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, names, { name: 'Choir', quiet: false });
    sid = await openSid(world, phoneOf('Ann'));
    await text('Ann', 'Concert at 7');
  });
  after(() => world.close());

  const phoneOf = (name: string) => group.phones[name] ?? '';
  const text = (name: string, words: string) => world.text(phoneOf(name), group.number, words);
  const likes = async () =>
    (await world.call('/message/send', { sid, number: group.number, message: '*likes' })).body.reply;
  const counts = async () => {
    const { body } = await world.call('/message/get', { sid, number: group.number });
    const [message] = body.messages as { reactions?: { reaction: string; count: number }[] }[];
    return Object.fromEntries((message?.reactions ?? []).map(({ reaction, count }) => [reaction, count]));
  };
  const others = names.slice(1);

  it('has one voice of each', async () => {
    const verbs = ['Liked', 'Loved', 'Laughed at', 'Emphasized'];
    await Promise.all(others.flatMap((name) => verbs.map((verb) => text(name, `${verb} “Ann: Concert at 7”`))));
    expect(await likes()).to.equal('Likes and other reactions in "Choir":\n+11 Ann: Concert at 7');
    expect(Object.values(await counts()).reduce((sum, count) => sum + count, 0)).to.equal(11);
  });

  it('counts the last one of each, and down where it is taken back', async () => {
    await Promise.all(others.map((name) => text(name, 'Liked “Ann: Concert at 7”')));
    expect(await counts()).to.deep.equal({ '👍': 11 });
    await Promise.all(
      others.slice(0, 4).flatMap((name) => [1, 2].map(() => text(name, 'Removed a like from “Ann: Concert at 7”'))),
    );
    expect(await counts()).to.deep.equal({ '👍': 7 });
    expect(await likes()).to.match(/\+7 Ann: Concert at 7$/);
    await Promise.all(others.map((name) => text(name, 'Removed a like from “Ann: Concert at 7”')));
    expect(await counts()).to.deep.equal({});
    expect(await likes()).to.match(/^None of the last texts in "Choir" was liked/);
  });
});
