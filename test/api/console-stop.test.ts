import { expect } from 'chai';
import { row, rows } from '../../db/connect.ts';
import { type ConsoleBrowser, openConsoleBrowser } from '../support/console.ts';
import type { TestGroup } from '../support/group.ts';
import { openOperated, typeJson } from '../support/operator.ts';
import { until } from '../support/rows.ts';
import type { World } from '../support/world.ts';

const PASSWORD = 'Correct-Horse-9';
const MEMBERS = 40;
/** Five segments: at 20 a second it takes ten seconds until the last member has it. */
const LONG = 'The wrong news, for all of you. '.repeat(22).trim();

describe('the running broadcasts in the console', () => {
  let world: World;
  let group: TestGroup;
  let env: Record<string, string>;
  before(async () => {
    const names = ['Ann', ...Array.from({ length: MEMBERS }, (_, at) => `Member ${at}`)];
    ({ world, env, group } = await openOperated(
      names,
      { name: 'Town' },
      {
        env: { OPS_PASSWORD: PASSWORD, ACCOUNT_MPS: '20' },
      },
    ));
  });
  after(() => world.close());

  async function signedIn(role: string): Promise<ConsoleBrowser> {
    const { password } = await typeJson(`operator add ${role}-er ${role}`, env);
    const browser = openConsoleBrowser(world.url);
    await browser.signIn(`${role}-er`, String(password));
    return browser;
  }

  it('stops a wrong broadcast: its last text goes out within 5 s, and the audit log says who and why', async () => {
    const [looker, operator] = [await signedIn('look'), await signedIn('operate')];
    const { Ann: ann = '' } = group.phones;
    const before = world.texts().length;
    await world.text(ann, group.number, LONG);
    const page = await until('it is shown as running', async () => {
      const { html } = await operator.get('/ops/running');
      return html.includes('The wrong news') && html;
    });
    const [, id = ''] = /name="id" value="(\d+)"/.exec(page) ?? [];
    expect((await looker.get('/ops/running')).html)
      .to.contain('The wrong news')
      .and.not.to.contain('action="/ops/stop"');
    expect((await looker.post('/ops/stop', { id }, '/ops/running')).status).to.equal(403);
    expect((await operator.post('/ops/stop', { id, token: 'of another site' }, '/ops/running')).status).to.equal(403);
    await until('some have it', async () => world.texts().length > before);

    const stopped = Date.now();
    const { to } = await operator.post('/ops/stop', { id, reason: 'wrong group' }, '/ops/running');
    expect(to).to.equal(`/ops/message?id=${id}`);
    await world.quiet();
    const last = Math.max(...world.texts().map(({ at }) => at));
    expect(last - stopped).to.be.below(5_000);
    const states = await rows<{ state: string; reason: string | null }>(
      world.runtime.db,
      'SELECT DISTINCT state, reason FROM deliveries WHERE message_id = ?',
      [Number(id)],
    );
    expect(states).to.deep.include({ state: 'skipped', reason: 'cancelled' });
    expect((await operator.get(to ?? '')).html).to.contain('cancelled by an operator');
    expect((await operator.get('/ops/running')).html).not.to.contain('The wrong news');
    expect((await operator.post('/ops/stop', { id }, '/ops')).status).to.equal(409);

    const acts = await rows(
      world.runtime.db,
      "SELECT who, words, reason, outcome FROM audit WHERE act = 'message cancel' ORDER BY id",
    );
    const act = { who: 'operate-er', words: JSON.stringify([id]) };
    expect(acts).to.deep.equal([
      { ...act, reason: 'wrong group', outcome: 'done' },
      { ...act, reason: null, outcome: 'failed' },
    ]);
    expect((await looker.get('/ops/acts')).html).to.contain('wrong group');
    expect((await row<{ left: number }>(world.runtime.db, 'SELECT COUNT(*) AS `left` FROM batches'))?.left).to.equal(0);
  });
});
