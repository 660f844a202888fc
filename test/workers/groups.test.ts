import { expect } from 'chai';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openOperated, type, typeJson } from '../support/operator.ts';
import { openSid } from '../support/session.ts';
import type { World } from '../support/world.ts';

describe('an operator and groups', () => {
  let world: World;
  let group: TestGroup;
  let env: Record<string, string>;
  let ann: string;
  let bob: string;
  let cy: string;
  before(async () => {
    ({ world, env, group } = await openOperated(['Ann', 'Bob', 'Cy'], { name: '100% Hikers' }));
    [ann = '', bob = '', cy = ''] = Object.values(group.phones);
  });
  after(() => world.close());

  const find = async (args: string) => {
    const { groups } = (await typeJson(`group find ${args}`, env)) as { groups: { id: number }[] };
    return groups.map(({ id }) => id);
  };
  const heard = (phone: string) => world.textsTo(phone).map(({ text }) => text);

  it('find a group by a part of its name, number, member and owner, and show it', async () => {
    const others = await startGroup(world, ['Dee', 'Eve'], { name: 'Rowers' });
    for (const by of ['hikers', '"0%"', `--member ${bob}`, `--owner "(${ann.slice(2, 5)}) ${ann.slice(5)}"`])
      expect(await find(by), by).to.deep.equal([group.id]);
    expect(await find('')).to.deep.equal([others.id, group.id]);
    expect(await find('"_"')).to.deep.equal([]);
    expect(await find(`--number ${group.number} hik`)).to.deep.equal([group.id]);
    const shown = await typeJson(`group show ${group.id}`, env);
    expect(shown).to.include({ name: '100% Hikers', state: 'active', suspended: false, owner: ann, messages: 0 });
    expect(shown.members).to.have.length(3);
    expect((await type(`group show ${group.id}`, env)).out).to.match(/group \d+ "100% Hikers": active[\s\S]*Bob/);
    expect((await type('group show Hikers', env)).code).to.equal(2);
    expect((await type('group show 99999', env)).code).to.equal(1);
  });

  it('suspend it: texts and calls are not taken, members hear so, commands work; and resume it', async () => {
    expect((await type(`group suspend ${group.id}`, env, 'n')).asked).to.match(/Take nothing more .*"100% Hikers"\?/);
    expect((await type(`group suspend ${group.id} --yes`, env)).code).to.equal(0);
    expect((await type(`group suspend ${group.id} --yes`, env)).err).to.match(/is suspended already/);
    await world.text(bob, group.number, 'Hello?');
    await world.text(bob, group.number, '*count');
    await world.quiet();
    expect(heard(ann).filter((text) => text.includes('Hello?'))).to.deep.equal([]);
    expect(heard(bob).slice(-2).join())
      .to.match(/on hold for now/)
      .and.match(/0 messages/);
    const sid = await openSid(world, ann);
    const at = { sid, number: group.number };
    expect((await world.call('/message/send', { ...at, message: 'Hi' })).body).to.include({ error_type: 'SUSPENDED' });
    const { body } = await world.call('/member/groups', { sid });
    expect((body.groups as { suspended: number }[])[0]?.suspended).to.equal(1);
    expect(await typeJson(`group resume ${group.id}`, env)).to.include({ suspended: false });
    await world.text(bob, group.number, 'Hello again');
    await world.quiet();
    expect(heard(ann)).to.include('Bob: Hello again');
  });

  it('hand it over: the member is asked, or owns it at once where they agreed', async () => {
    expect((await type(`group owner ${group.id} ${ann} --yes`, env)).err).to.match(/owns it/);
    expect((await type(`group owner ${group.id} +14445559999 --yes`, env)).code).to.equal(1);
    expect((await type(`group owner ${group.id} ${bob} --yes`, env)).out).to.match(/is asked/);
    await world.quiet();
    expect(heard(bob).at(-1)).to.match(/needs an owner. Take it over\?/);
    expect(await typeJson(`group show ${group.id}`, env)).to.include({ owner: ann });
    await world.text(bob, group.number, 'YES');
    await world.quiet();
    expect(await typeJson(`group show ${group.id}`, env)).to.include({ owner: bob });
    expect((await type(`group owner ${group.id} ${cy} --agreed --reason "letter" --yes`, env)).code).to.equal(0);
    await world.quiet();
    expect(await typeJson(`group show ${group.id}`, env)).to.include({ owner: cy });
    expect(heard(cy).at(-1)).to.match(/is yours now/);
  });

  it('delete it: each member gets one text, and nobody reaches anybody through it', async () => {
    expect(await typeJson(`group delete ${group.id} --yes --dry-run`, env)).to.include({ told: 3, dryRun: true });
    expect(await typeJson(`group delete ${group.id} --yes`, env)).to.include({ told: 3 });
    await world.quiet();
    for (const phone of [ann, bob, cy]) expect(heard(phone).at(-1)).to.match(/"100% Hikers" was closed/);
    await world.text(bob, group.number, 'Anybody?');
    await world.quiet();
    expect(heard(ann).filter((text) => text.includes('Anybody?'))).to.deep.equal([]);
    expect((await type(`group delete ${group.id} --yes`, env)).err).to.match(/is deleted/);
  });
});
