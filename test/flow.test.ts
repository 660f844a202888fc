import { expect } from 'chai';
import { rows } from '../db/connect.ts';
import { type CarrierName, carrierNames } from '../engine/rules/carriers.ts';
import { openWorld, type World } from './support/world.ts';

/** The README's story, executed. */
const alice = '+14445550001';
const bob = '+14445550002';
const carol = '+14445550003';
const dave = '+14445550004';

for (const carrier of carrierNames) tellStory(carrier);

function tellStory(carrier: CarrierName): void {
  describe(`the story of a group, through ${carrier}`, () => {
    let world: World;
    let number: string;
    /** The simulator of this carrier. */
    const simulator = () => world[carrier === 'plivo' ? 'simulator' : 'telnyx'];

    before(async () => {
      world = await openWorld({ carriers: [carrier] });
    });
    after(() => world?.close());

    it('Alice makes a group and nobody but her gets a text, which asks for a YES', async () => {
      const { body } = await world.call('/group/create', {
        group: 'Family',
        name: 'Alice',
        number: '(444) 555-0001',
        name_0: 'Bob',
        number_0: bob,
        name_1: 'Carol',
        number_1: carol,
        name_2: 'Dave',
        number_2: dave,
      });
      expect(body).to.include({ status: 'OK', first_group: 1 });
      number = String(body.number);
      expect(world.pool).to.include(number);
      const [asked] = await world.inbox(alice, 1);
      expect(asked).to.include({ from: number });
      expect(asked?.text).to.match(/Family.*Reply YES/s);
      await world.quiet();
      expect(world.texts()).to.have.length(1);
    });

    it('Alice replies YES: she hears that it is on, everybody else is welcomed once', async () => {
      expect(await world.text(alice, number, 'YES')).to.equal(200);
      for (const phone of [bob, carol, dave]) {
        const [welcome] = await world.inbox(phone, 1);
        expect(welcome?.text).to.match(/Alice added you.*Family.*\*bye.*STOP/s);
      }
      expect((await world.inbox(alice, 2)).at(-1)?.text).to.match(/Family.*is on/s);
      await world.quiet();
      expect(world.texts()).to.have.length(5);
    });

    it('Bob texts the number and the three others get it from the same number with his name before it', async () => {
      expect(await world.text(bob, number, 'Dinner at 7?')).to.equal(200);
      for (const phone of [alice, carol, dave]) {
        const texts = await world.inbox(phone, phone === alice ? 3 : 2);
        expect(texts.at(-1)).to.include({ from: number, text: 'Bob: Dinner at 7?' });
      }
      await world.quiet();
      expect(world.textsTo(bob)).to.have.length(1);
      const found = await rows<{ state: string }>(
        world.runtime.db,
        "SELECT d.state FROM deliveries d JOIN messages m ON m.id = d.message_id WHERE m.kind = 'said'",
      );
      expect(found.map(({ state }) => state)).to.deep.equal(['delivered', 'delivered', 'delivered']);
    });

    it('Alice’s account has paid for three segments, and the ledger agrees', async () => {
      const sid = await world.logIn(alice);
      const { body } = await world.call('/member/groups', { sid });
      expect(body.account).to.deep.equal({ type: 'T', balance: 497, suspended: 0 });
      const [ledger] = await rows<{ sum: number }>(world.runtime.db, 'SELECT SUM(amount) AS sum FROM ledger');
      expect(ledger?.sum).to.equal(497);
    });

    it('Carol reads it through the API, and sends an answer from her app', async () => {
      const sid = await world.logIn(carol);
      const read = await world.call('/message/get', { sid, number });
      expect(read.body.messages).to.have.length(1);
      expect((read.body.messages as object[])[0]).to.include({ id: 1, txt: 'Bob: Dinner at 7?' });
      const { body } = await world.call('/message/send', { sid, number, message: 'Yes, I cook' });
      expect(body).to.deep.equal({ status: 'OK', message_id: 2 });
      expect((await world.inbox(bob, 2)).at(-1)?.text).to.equal('Carol: Yes, I cook');
      await world.quiet();
    });

    it('Dave leaves by text, hears nothing more, and comes back', async () => {
      await world.text(dave, number, '*bye');
      await world.quiet();
      const before = world.textsTo(dave).length;
      await world.text(alice, number, 'Is Dave coming?');
      await world.text(dave, number, 'I am still here');
      await world.quiet();
      const since = world.textsTo(dave).slice(before);
      expect(since.map(({ text }) => text)).to.have.length(1);
      expect(since[0]?.text).to.match(/\*hi/);
      await world.text(dave, number, '*hi');
      await world.quiet();
      await world.text(alice, number, 'Welcome back');
      await world.quiet();
      expect(world.textsTo(dave).at(-1)?.text).to.equal('Alice: Welcome back');
      const { body } = await world.call('/message/get', { sid: await world.logIn(dave), number });
      expect((body.messages as { id: number }[]).map(({ id }) => id)).to.deep.equal([1, 2, 4]);
    });

    it('the same webhook twice, even in the same instant, is one message', async () => {
      simulator().fault({ kind: 'webhook_doubled', times: 1 });
      await world.text(carol, number, 'Only once please');
      await world.quiet();
      const got = world.textsTo(bob).filter(({ text }) => text === 'Carol: Only once please');
      expect(got).to.have.length(1);
    });

    it('a text with a wrong signature is refused and leaves no trace', async () => {
      const count = async () =>
        rows(
          world.runtime.db,
          'SELECT (SELECT COUNT(*) FROM inbound_texts) AS texts, (SELECT COUNT(*) FROM people) AS people',
        );
      const before = await count();
      simulator().fault({ kind: 'webhook_forged', times: 1 });
      expect(await world.text('+14445559999', number, 'hi')).to.equal(403);
      expect(await count()).to.deep.equal(before);
    });

    it('STOP ends every text to a phone, its owner is told, START undoes it', async () => {
      const texts = world.textsTo(bob).length;
      await world.text(bob, number, 'Stop');
      await world.quiet();
      if (carrier === 'plivo') expect(world.simulator.repliesTo(bob).at(-1)?.text).to.match(/have been unsubscribed/);
      expect(world.textsTo(bob), 'the carrier has confirmed it').to.have.length(texts);
      expect(world.textsTo(alice).at(-1)?.text).to.match(/Bob replied STOP/);
      const before = world.textsTo(bob).length;
      await world.text(alice, number, 'Can Bob hear me?');
      await world.quiet();
      expect(world.textsTo(bob)).to.have.length(before);
      await world.text(bob, number, 'START');
      await world.quiet();
      await world.text(alice, number, 'Now he can');
      await world.quiet();
      expect(world.textsTo(bob).at(-1)?.text).to.equal('Alice: Now he can');
    });

    it('the carrier calls Yes, Go, Start and Resume an opt-in, and they are delivered all the same', async () => {
      for (const word of ['Yes', 'Go', 'Start', 'Resume']) await world.text(carol, number, word);
      await world.quiet();
      const heard = world.textsTo(dave).map(({ text }) => text);
      expect(heard.slice(-4)).to.have.members(['Carol: Yes', 'Carol: Go', 'Carol: Start', 'Carol: Resume']);
    });

    it('YES turns a device on', async () => {
      await world.call('/device/register', { number: dave, type: 'iphone', token: 'token-of-dave' });
      await world.quiet();
      await world.text(dave, world.serviceNumber, 'YES');
      const found = await rows<{ live: number | null }>(
        world.runtime.db,
        "SELECT live FROM devices WHERE token = 'token-of-dave'",
      );
      expect(found).to.deep.equal([{ live: 1 }]);
    });

    it('YES takes the group over from its owner', async () => {
      await world.text(alice, number, '*owner Carol');
      await world.quiet();
      await world.text(carol, number, 'YES');
      await world.quiet();
      expect(world.textsTo(carol).at(-1)?.text).to.match(/"Family" is yours/);
      expect(world.textsTo(alice).at(-1)?.text).to.match(/Carol owns "Family" now/);
    });

    it('a stranger’s text reaches nobody, and one hint a day goes back', async () => {
      const mallory = '+14445559999';
      const before = world.texts().length;
      await world.text(mallory, number, 'Buy now');
      await world.text(mallory, number, 'Buy now!');
      await world.quiet();
      expect(world.textsTo(mallory)).to.have.length(1);
      expect(world.texts()).to.have.length(before + 1);
    });
  });
}
