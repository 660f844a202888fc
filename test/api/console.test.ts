import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createApp } from '../../api/app.ts';
import { listen } from '../../api/listen.ts';
import { row, run } from '../../db/connect.ts';
import { type ConsoleBrowser, openConsoleBrowser } from '../support/console.ts';
import type { TestGroup } from '../support/group.ts';
import { openOperated, typeJson } from '../support/operator.ts';
import { messageOf } from '../support/rows.ts';
import { runtimeWith } from '../support/runtime.ts';
import type { World } from '../support/world.ts';

const PASSWORD = 'Correct-Horse-9';

describe('the console of operators', () => {
  let world: World;
  let group: TestGroup;
  let env: Record<string, string>;
  let ann: string;
  let bob: string;
  let message: number;
  let ops: ConsoleBrowser;
  before(async () => {
    ({ world, env, group } = await openOperated(
      ['Ann', 'Bob', 'Cy'],
      { name: 'Hikers & <b>Co' },
      { env: { OPS_PASSWORD: PASSWORD } },
    ));
    [ann = '', bob = ''] = Object.values(group.phones);
    await world.text(ann, group.number, 'Meet <i>here</i>');
    await world.quiet();
    message = await messageOf(world, 'Ann: Meet <i>here</i>');
    ops = openConsoleBrowser(world.url);
    expect((await ops.signIn('ops', PASSWORD)).to).to.equal('/ops');
  });
  after(() => world.close());

  /** Somebody whom an operator at the terminal let in. */
  async function newOperator(name: string, role: string): Promise<{ browser: ConsoleBrowser; password: string }> {
    const { password } = await typeJson(`operator add ${name} ${role}`, env);
    const browser = openConsoleBrowser(world.url);
    expect((await browser.signIn(name, String(password))).to).to.equal('/ops');
    return { browser, password: String(password) };
  }

  const addresses = [
    '',
    '/find',
    '/running',
    '/numbers',
    '/acts',
    '/stop',
    '/person?id=1',
    '/group?id=1',
    '/message?id=1',
  ];

  it('shows no page to those who are not signed in, and sends them to sign in', async () => {
    const stranger = openConsoleBrowser(world.url);
    for (const path of addresses) {
      const { status, to, html } = await stranger.get(`/ops${path}`);
      expect([status, to, html.includes(ann)], path).to.deep.equal([303, '/ops/sign-in', false]);
    }
    expect((await stranger.get('/ops/live')).status).to.equal(401);
    expect((await stranger.post('/ops/stop', { id: String(message) }, '/ops/sign-in')).to).to.equal('/ops/sign-in');
  });

  it('allows no script, style or form but its own, and keeps the session from scripts and other sites', async () => {
    for (const path of ['/ops', '/ops/sign-in', '/ops/console.css', '/ops/console.js']) {
      const policy = (await openConsoleBrowser(world.url).get(path)).headers.get('content-security-policy');
      expect(policy, path).to.match(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      expect(policy).not.to.contain('unsafe');
    }
    const { html, headers } = await openConsoleBrowser(world.url).get('/ops/sign-in');
    expect(html).not.to.match(/<script>|<style|style=| on\w+=/);
    expect(headers.get('set-cookie')).to.match(/; Path=\/ops; HttpOnly; SameSite=Strict$/);
  });

  it('keeps the session to https where the service is reached by it', async () => {
    const { runtime } = world;
    const config = { ...runtime.config, PUBLIC_URL: 'https://texting.example' };
    const api = await listen(createApp(runtimeWith(runtime, { config })), { port: 0, host: '127.0.0.1' });
    const { headers } = await openConsoleBrowser(`http://127.0.0.1:${api.port}`).get('/ops/sign-in');
    await api.stop();
    expect(headers.get('set-cookie')).to.match(/; Secure$/);
  });

  it('refuses a wrong name, a wrong password, and a form of another site', async () => {
    const { browser, password } = await newOperator('dana', 'look');
    expect((await browser.get('/ops')).status).to.equal(200);
    const stranger = openConsoleBrowser(world.url);
    for (const [name, secret] of [
      ['ops', 'wrong'],
      ['ops', password],
      ['dana', PASSWORD],
      ['nobody', password],
      ['', ''],
    ] as const)
      expect((await stranger.signIn(name, secret)).status, name).to.equal(401);
    const forged = await stranger.post('/ops/sign-in', { name: 'ops', password: PASSWORD, token: 'x' });
    expect([forged.status, (await stranger.get('/ops')).status]).to.deep.equal([403, 303]);
  });

  it('locks a name for an address that guessed ten times, and no other', async () => {
    const config = { ...world.runtime.config, TRUST_PROXY: true };
    const api = await listen(createApp(runtimeWith(world.runtime, { config })), { port: 0, host: '127.0.0.1' });
    const from = (address: string) =>
      openConsoleBrowser(`http://127.0.0.1:${api.port}`, { 'x-forwarded-for': address });
    try {
      for (let guess = 0; guess < 10; guess++)
        expect((await from('192.0.2.17').signIn('ops', `guess ${guess}`)).status).to.equal(401);
      const locked = await from('192.0.2.17').signIn('ops', PASSWORD);
      expect([locked.status, Number(locked.headers.get('retry-after')) > 0]).to.deep.equal([503, true]);
      expect((await from('192.0.2.18').signIn('ops', PASSWORD)).status).to.equal(303);
    } finally {
      await api.stop();
    }
  });

  it('ends a session by signing out, after half an hour without use, after 12 hours, and with another password', async () => {
    const { browser } = await newOperator('eve', 'look');
    expect((await browser.post('/ops/sign-out', {}, '/ops')).to).to.equal('/ops/sign-in');
    expect((await browser.get('/ops')).status).to.equal(303);

    for (const column of ['used_at - INTERVAL 31 MINUTE', 'used_at', 'created_at - INTERVAL 13 HOUR']) {
      const [name = ''] = column.split(' ');
      await typeJson('operator password eve', env);
      const { password } = await typeJson('operator password eve', env);
      expect((await browser.signIn('eve', String(password))).to).to.equal('/ops');
      await run(
        world.runtime.db,
        `UPDATE operator_sessions SET ${name} = ${column} WHERE operator_id = (SELECT id FROM operators WHERE name = 'eve')`,
      );
      expect((await browser.get('/ops')).status, column).to.equal(column === 'used_at' ? 200 : 303);
    }
    const { password } = await typeJson('operator password eve', env);
    await browser.signIn('eve', String(password));
    await typeJson('operator password eve', env);
    expect((await browser.get('/ops')).status).to.equal(303);
  });

  it('does not keep a session alive by plots on a page that is left open', async () => {
    const { browser } = await newOperator('flo', 'look');
    const since = () =>
      row<{ at: Date }>(
        world.runtime.db,
        "SELECT MAX(s.used_at) AS at FROM operator_sessions s JOIN operators o ON o.id = s.operator_id WHERE o.name = 'flo'",
      );
    await run(world.runtime.db, 'UPDATE operator_sessions SET used_at = used_at - INTERVAL 5 MINUTE');
    const before = await since();
    expect((await browser.get('/ops/live')).status).to.equal(200);
    expect(await since()).to.deep.equal(before);
    await browser.get('/ops');
    expect((await since())?.at.getTime()).to.be.above(before?.at.getTime() ?? 0);
  });

  it('lets nobody in who was removed', async () => {
    const { browser, password } = await newOperator('gus', 'money');
    await typeJson('operator remove gus', env);
    expect((await browser.get('/ops')).status).to.equal(303);
    expect((await browser.signIn('gus', password)).status).to.equal(401);
  });

  it('finds a phone in any spelling, a group by its name and a message by its row, and goes there', async () => {
    const find = (words: string) => ops.post('/ops/find', { words });
    expect((await find(`(${bob.slice(2, 5)}) ${bob.slice(5)}`)).to).to.match(/^\/ops\/person\?id=\d+$/);
    expect((await find('hikers')).to).to.equal(`/ops/group?id=${group.id}`);
    const number = await find(String(message));
    expect(number.to ?? number.html).to.contain(`/ops/message?id=${message}`);
    expect((await find('nothing like that')).html).to.contain('None.');
    const several = await find(ann.slice(0, 8));
    expect(several.html).to.contain(ann).and.to.contain(bob);
  });

  it('shows a person, a group, and a message as a life, and no markup of theirs', async () => {
    const { to } = await ops.post('/ops/find', { words: ann });
    const person = await ops.get(to ?? '');
    expect(person.html).to.contain(ann).and.to.contain('Hikers &#38; &#60;b&#62;Co');
    const page = await ops.get(`/ops/group?id=${group.id}`);
    expect(page.html).to.contain(bob).and.to.contain('Meet &#60;i&#62;here&#60;/i&#62;').and.not.to.contain('<b>Co');
    const life = await ops.get(`/ops/message?id=${message}`);
    for (const what of ['accepted by text', 'fanned out into 2 texts', 'taken by the carrier', 'delivered', bob])
      expect(life.html, what).to.contain(what);
    expect(life.html).not.to.contain('<i>here');
  });

  it('corrects an account for the role money alone, once however often the form is sent', async () => {
    const { browser: operate } = await newOperator('hal', 'operate');
    const { browser: money } = await newOperator('ida', 'money');
    const { to } = await ops.post('/ops/find', { words: ann });
    const id = to?.split('=')[1] ?? '';
    const balance = async () => {
      const found = await row<{ balance: number }>(
        world.runtime.db,
        'SELECT balance FROM accounts WHERE person_id = ?',
        [Number(id)],
      );
      return found?.balance ?? 0;
    };
    const before = await balance();
    const form = { id, once: randomUUID(), way: 'grant', pennies: '250', reason: 'a gift' };
    expect((await operate.get(to ?? '')).html).not.to.contain('/ops/correct');
    expect((await operate.post('/ops/correct', form, '/ops')).status).to.equal(403);
    for (const wrong of [{ pennies: '-1' }, { pennies: '' }, { reason: '' }, { way: 'x' }, { once: '' }])
      expect((await money.post('/ops/correct', { ...form, ...wrong }, to ?? '')).status).to.equal(400);
    for (let click = 0; click < 2; click++) expect((await money.post('/ops/correct', form, to ?? '')).to).to.equal(to);
    expect((await balance()) - before).to.equal(250);
    await money.post('/ops/correct', { ...form, once: randomUUID(), way: 'deduct', pennies: '50' }, to ?? '');
    expect((await balance()) - before).to.equal(200);
    const { acts } = await typeJson('audit --last 3', env);
    expect(
      (acts as { who: string; act: string; outcome: string }[]).map((one) => `${one.who} ${one.act} ${one.outcome}`),
    ).to.deep.equal(['ida account deduct done', 'ida account grant failed', 'ida account grant done']);
  });

  it('answers 404 for what there is not, and 405 for what a page does not take', async () => {
    for (const path of ['/person?id=999999', '/group?id=x', '/message?id=999999', '/message'])
      expect((await ops.get(`/ops${path}`)).status, path).to.equal(404);
    expect((await ops.post('/ops/numbers', {})).status).to.equal(405);
  });

  it('shows numbers, health, plots and the queue board to those who are signed in', async () => {
    expect((await ops.get('/ops/numbers')).html).to.contain(group.number);
    expect((await ops.get('/ops')).html)
      .to.contain('well')
      .and.to.contain('Owners paid today');
    const { moments } = JSON.parse((await ops.get('/ops/live')).html) as { moments: Record<string, number>[] };
    expect(moments.at(-1)).to.include({ waiting: 0, failed: 0 }).and.to.have.property('taken').above(1);
    const queues = await ops.get('/ops/queues');
    expect([queues.status, queues.html.includes('Sign out')]).to.deep.equal([200, true]);
    expect(queues.html).to.contain('What failed last');
    expect((await ops.get('/ops/metrics')).status).to.equal(200);
  });
});
