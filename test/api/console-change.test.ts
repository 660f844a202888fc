import { expect } from 'chai';
import { row, rows, run } from '../../db/connect.ts';
import { type ConsoleBrowser, openConsoleBrowser, type Seen } from '../support/console.ts';
import type { TestGroup } from '../support/group.ts';
import { openOperated, typeJson } from '../support/operator.ts';
import { messageOf } from '../support/rows.ts';
import type { World } from '../support/world.ts';

const PASSWORD = 'Correct-Horse-9';

describe('what operators change in the console', () => {
  let world: World;
  let group: TestGroup;
  let looker: ConsoleBrowser;
  let operator: ConsoleBrowser;
  let person: number;
  before(async () => {
    const opened = await openOperated(['Ann', 'Bob'], { name: 'Town' }, { env: { OPS_PASSWORD: PASSWORD } });
    ({ world, group } = opened);
    for (const role of ['look', 'operate'] as const) {
      const { password } = await typeJson(`operator add ${role}-er ${role}`, opened.env);
      const browser = openConsoleBrowser(world.url);
      await browser.signIn(`${role}-er`, String(password));
      if (role === 'look') looker = browser;
      else operator = browser;
    }
    const found = await row<{ id: number }>(world.runtime.db, 'SELECT id FROM people WHERE phone = ?', [
      group.phones.Bob ?? '',
    ]);
    person = found?.id ?? 0;
    await run(world.runtime.db, "UPDATE numbers SET campaign = 'CTOWN' WHERE phone = ?", [group.number]);
  });
  after(() => world.close());

  /** Presses a button that is on the page at `from`. */
  async function press(change: string, of: number | string, { from, reason = 'ticket 4711' }: Press): Promise<Seen> {
    const { html } = await operator.get(from);
    expect(html, from).to.contain(`name="change" value="${change}"><input type="hidden" name="of" value="${of}"`);
    return operator.post('/ops/change', { change, of: String(of), reason }, from);
  }
  type Press = { from: string; reason?: string };

  const pairs: readonly Pair[] = [
    { what: 'all texts of a carrier', kind: 'carrier', of: () => 'plivo', from: () => '/ops' },
    { what: 'a number', kind: 'number', of: () => group.number, from: () => '/ops/numbers' },
    { what: 'a campaign', kind: 'campaign', of: () => 'CTOWN', from: () => '/ops/numbers' },
    { what: 'a group', kind: 'group', on: 'suspend', of: () => group.id, from: () => `/ops/group?id=${group.id}` },
    {
      ...{ what: 'a person', kind: 'person', on: 'block', off: 'unblock' },
      ...{ of: () => person, from: () => `/ops/person?id=${person}` },
    },
  ];

  type Pair = { what: string; kind: string; on?: string; off?: string; of(): number | string; from(): string };

  for (const { what, kind, on = 'pause', off = 'resume', of, from } of pairs)
    it(`${on}s and ${off}s ${what}, and shows it on the page where the button is`, async () => {
      const place = from();
      expect(await press(`${on}-${kind}`, of(), { from: place })).to.include({ status: 303, to: place });
      // The button is now the other one.
      expect(await press(`${off}-${kind}`, of(), { from: place })).to.include({ status: 303, to: place });
      const again = { change: `${off}-${kind}`, of: String(of()), reason: 'twice' };
      expect((await operator.post('/ops/change', again, place)).status).to.equal(409);
    });

  it('gives the failed texts of a message another try', async () => {
    const text = 'Who is there?';
    world.simulator.fault({ kind: 'undelivered', code: '30' });
    await world.text(group.phones.Ann ?? '', group.number, text);
    await world.quiet();
    world.simulator.clearFaults();
    const message = await messageOf(world, `Ann: ${text}`);
    const from = `/ops/message?id=${message}`;
    expect(await press('requeue-message', message, { from })).to.include({ status: 303, to: from });
    await world.quiet();
    const states = await rows(world.runtime.db, 'SELECT state FROM deliveries WHERE message_id = ?', [message]);
    expect(states).to.deep.equal([{ state: 'delivered' }]);
  });

  it('writes each into the audit log as the command line does: who, what, why and whether it was done', async () => {
    const acts = await rows<{ words: string }>(
      world.runtime.db,
      "SELECT act, words, reason, outcome FROM audit WHERE who = 'operate-er' AND act LIKE 'sending%' ORDER BY id",
    );
    const why = { reason: 'ticket 4711', outcome: 'done' };
    const words = ['plivo', `--number=${group.number}`, '--campaign=CTOWN'];
    expect(acts).to.deep.equal(
      words.flatMap((one) => [
        { act: 'sending pause', words: JSON.stringify([one]), ...why },
        { act: 'sending resume', words: JSON.stringify([one]), ...why },
        { act: 'sending resume', words: JSON.stringify([one]), reason: 'twice', outcome: 'failed' },
      ]),
    );
  });

  it('shows no button to who only looks, and refuses their forms and those of other sites', async () => {
    const change = { change: 'suspend-group', of: String(group.id), reason: 'why' };
    expect((await looker.get(`/ops/group?id=${group.id}`)).html).not.to.contain('/ops/change');
    expect((await looker.post('/ops/change', change, '/ops/find')).status).to.equal(403);
    expect((await operator.post('/ops/change', { ...change, token: 'of another site' }, '/ops')).status).to.equal(403);
  });

  it('names a person by their phone and a group by its name, and has one form open at a time', async () => {
    const { html } = await operator.get(`/ops/person?id=${person}`);
    expect(html).to.match(/>Block \(\+1\d{10}\)<\/button>/);
    expect((await operator.get(`/ops/group?id=${group.id}`)).html).to.contain('>Suspend the group (Town)</button>');
    const { html: numbers } = await operator.get('/ops/numbers');
    expect(numbers.match(/<details name="change">/g)).to.have.length(numbers.match(/<details/g)?.length ?? 0);
  });

  it('blocks nobody without a reason, and does nothing to what is not there', async () => {
    const blocking = { change: 'block-person', of: String(person) };
    expect((await operator.post('/ops/change', blocking, '/ops')).status).to.equal(400);
    for (const change of ['pause-carrier', 'pause-number', 'pause-campaign', 'suspend-group', 'requeue-message'])
      for (const name of ['nothing', '999999'])
        expect(
          (await operator.post('/ops/change', { change, of: name, reason: 'why' }, '/ops')).status,
          change,
        ).to.equal(409);
    const unknown = { change: 'constructor', of: '1', reason: 'why' };
    expect((await operator.post('/ops/change', unknown, '/ops')).status).to.equal(404);
  });
});
