import { expect } from 'chai';
import { run } from '../../db/connect.ts';
import { mediaAddress } from '../../engine/platform/media-addresses.ts';
import { mediaReference } from '../../engine/rules/media.ts';
import type { TestGroup } from '../support/group.ts';
import { openOperated, type, typeJson } from '../support/operator.ts';
import type { World } from '../support/world.ts';

describe('an operator and letters from people, carriers and lawyers', () => {
  let world: World;
  let group: TestGroup;
  let env: Record<string, string>;
  let ann: string;
  let bob: string;
  before(async () => {
    ({ world, env, group } = await openOperated(['Ann', 'Bob'], { name: 'Hikers' }));
    [ann = '', bob = ''] = Object.values(group.phones);
    await world.text(ann, group.number, 'Before the stop');
    await world.quiet();
    await world.text(bob, group.number, 'STOP');
    await world.text(ann, group.number, 'After the stop');
    await world.quiet();
  });
  after(() => world.close());

  it('writes the file of a phone: consents with their wording, texts, and that none went after its STOP', async () => {
    const file = await typeJson(`audit ${bob}`, env);
    const consents = file.consents as { kind: string; about: string }[];
    expect(consents.some(({ kind, about }) => kind === 'consent' && about === 'membership')).to.equal(true);
    expect(consents.at(-1)).to.include({ kind: 'stop', about: 'texts' });
    const sent = file.sent as { state: string; reason: string | null }[];
    expect(sent.map(({ reason }) => reason)).to.include('blocked');
    expect(file.went).to.be.greaterThan(1);
    expect(file.afterStop).to.deep.equal([]);
    expect((await type(`audit ${bob}`, env)).out).to.match(/texts went there in this time; none of them after a STOP/);
  });

  it('writes the file of a group likewise, and of a time in which nothing went', async () => {
    const file = await typeJson(`audit ${group.id}`, env);
    expect(file).to.deep.include({ about: `group ${group.id} "Hikers"`, afterStop: [] });
    expect((file.sent as { phone: string }[]).some(({ phone }) => phone === bob)).to.equal(true);
    const before = await typeJson(`audit ${group.id} --from 2d --until 1d`, env);
    expect([before.sent, before.went]).to.deep.equal([[], 0]);
    expect((await type('audit 999999', env)).code).to.equal(1);
    expect((await type('audit +14445559999', env)).code).to.equal(1);
  });

  it('gives a person all that is kept of them, and says in the audit log who asked for it', async () => {
    const name = `${'A'.repeat(22)}.gif`;
    const media = JSON.stringify(['https://media.example/1.jpg', mediaReference(name)]);
    await run(world.runtime.db, "UPDATE messages SET media = ? WHERE text = 'Ann: After the stop'", [media]);
    const { PUBLIC_URL, APP_SECRET } = world.runtime.config;
    const bare = await typeJson(`person export ${ann} --reason "letter"`, env);
    const all = await typeJson(`person export ${ann} --reason "letter"`, { ...env, PUBLIC_URL, APP_SECRET });
    expect(all.person).to.include({ phone: ann, name: 'Ann' });
    expect((all.memberships as { group: string }[]).map((one) => one.group)).to.deep.equal(['Hikers']);
    expect((all.said as { text: string }[]).map(({ text }) => text)).to.deep.equal([
      'Ann: Before the stop',
      'Ann: After the stop',
    ]);
    const pictures = (all.said as { media: string[] }[]).map((one) => one.media);
    expect(pictures).to.deep.equal([[], ['https://media.example/1.jpg', mediaAddress(world.runtime.config, name)]]);
    expect((bare.said as { media: string[] }[])[1]?.media).to.deep.equal(['https://media.example/1.jpg', name]);
    expect((all.ledger as { kind: string }[])[0]?.kind).to.equal('trial');
    expect(JSON.stringify(all)).to.not.match(/pin_hash|sid_hash|token/);
    const { acts } = (await typeJson('audit --last 1', env)) as { acts: { act: string; reason: string }[] };
    expect(acts[0]).to.include({ act: 'person export', reason: 'letter' });
  });

  it('lists the entries of an account, a page after the other', async () => {
    const { entries } = (await typeJson(`account ledger ${ann}`, env)) as { entries: { id: number; kind: string }[] };
    expect(entries.map(({ kind }) => kind)).to.deep.equal(['trial', 'segments']);
    const rest = await typeJson(`account ledger ${ann} --after ${entries[0]?.id}`, env);
    expect(rest.entries).to.have.length(1);
    expect((await type(`account ledger ${ann}`, env)).out).to.match(/trial credit[\s\S]*\$5\.00/);
  });
});
