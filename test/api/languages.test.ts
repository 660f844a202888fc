import { expect } from 'chai';
import { startGroup, type TestGroup } from '../support/group.ts';
import { itRefuses, type Params } from '../support/refusals.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const phones = { Ann: '+14445550001', Bob: '+14445550002' };

describe('languages, by calls', () => {
  let world: World;
  let choir: TestGroup;
  let chess: TestGroup;
  let sids: { ann: string; bob: string };
  before(async () => {
    world = await openWorld({ workers: false });
    choir = await startGroup(world, ['Ann', 'Bob'], { name: 'Choir', phones, quiet: false });
    chess = await startGroup(world, ['Bob', 'Ann'], { name: 'Chess', phones, quiet: false });
    sids = { ann: await openSid(world, phones.Ann), bob: await openSid(world, phones.Bob) };
  });
  after(() => world?.close());

  const shown = async (sid: string) => {
    const { body } = await world.call('/member/groups', { sid });
    return (body.groups as Params[]).map(({ name, language, group_language }) => [name, language, group_language]);
  };
  const say = async (sid: string, group: TestGroup, message: string) =>
    (await world.call('/message/send', { sid, number: group.number, message })).body.reply;

  itRefuses('/group/set', () => world, [
    [
      'language is none',
      () => ({ sid: sids.ann, number: choir.number, language: 'xx' }),
      'BAD_REQUEST',
      'language',
      400,
    ],
    [
      'it is not the owner who sets the language of the group',
      () => ({ sid: sids.bob, number: choir.number, language: 'es' }),
      'NOT_OWNER',
    ],
  ]);
  itRefuses('/member/set', () => world, [
    [
      'language is none',
      () => ({ sid: sids.bob, group: choir.number, language: 'xx' }),
      'BAD_REQUEST',
      'language',
      400,
    ],
    [
      'the owner chooses the language of another member',
      () => ({ sid: sids.ann, group: choir.number, number: phones.Bob, language: 'es' }),
      'NOT_OWNER',
    ],
  ]);

  it('is one’s own choice for all groups, by code or name, and may be taken back', async () => {
    for (const [sent, language] of [
      ['es', 'es'],
      ['Français', 'fr'],
      ['', ''],
    ]) {
      await world.call('/member/set', { sid: sids.bob, group: choir.number, language: sent });
      expect(await shown(sids.bob)).to.have.deep.members([
        ['Choir', language, ''],
        ['Chess', language, ''],
      ]);
    }
    expect((await shown(sids.ann)).map(([, language]) => language)).to.deep.equal(['', '']);
  });

  it('is that of the group for who has chosen none', async () => {
    await world.call('/group/set', { sid: sids.ann, number: choir.number, language: 'es' });
    expect(await shown(sids.ann)).to.have.deep.members([
      ['Choir', '', 'es'],
      ['Chess', '', ''],
    ]);
    expect(await say(sids.ann, choir, '*count')).to.match(/^"Choir" tiene/);
    expect(await say(sids.ann, chess, '*count')).to.match(/^"Chess" has/);
    await world.call('/member/set', { sid: sids.ann, group: chess.number, language: 'fr' });
    expect(await say(sids.ann, choir, '*count')).to.match(/^"Choir" a/);
  });

  it('errors that a command is answered are in it, those of calls are not', async () => {
    await world.call('/member/set', { sid: sids.bob, group: choir.number, language: 'es' });
    expect(await say(sids.bob, choir, '*nombre Ann')).to.match(/No se cambió nada|No se cambio nada/);
    const { body } = await world.call('/member/set', { sid: sids.bob, group: choir.number, name: 'Ann' });
    expect(body).to.deep.include({ status: 'ERROR', error_type: 'NAME_IN_USE' });
    expect(JSON.stringify(body)).not.to.match(/nombre/);
  });
});
