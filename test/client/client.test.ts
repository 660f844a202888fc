import { expect } from 'chai';
import { calls } from '../../client/calls.ts';
import { type Client, createClient, type HeardEvent, UnexpectedAnswer } from '../../client/index.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

describe('the client', () => {
  let world: World;
  let group: TestGroup;
  let ann: Client;
  let stranger: Client;
  before(async () => {
    world = await openWorld();
    group = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers' });
    stranger = createClient({ url: `${world.url}/` });
    ann = stranger.withToken(await openSid(world, group.phones.Ann ?? ''));
  });
  after(() => world.close());

  /** A network that loses the answers of the first requests, or does not deliver them. */
  function lossy(losses: readonly ('request' | 'answer')[]) {
    const left = [...losses];
    const made: string[] = [];
    const own: typeof fetch = async (input, init) => {
      made.push(String(init?.body));
      const loss = left.shift();
      if (loss === 'request') throw new TypeError('fetch failed');
      const response = await fetch(input, init);
      if (loss === 'answer') throw new TypeError('terminated');
      return response;
    };
    return { own, made };
  }

  it('goes the way from a new group to a text that was delivered', async () => {
    const phone = '+14445556001';
    const made = await stranger.createGroup({
      group: 'Rowers',
      name: 'Eve',
      number: phone,
      members: [{ name: 'Fay', number: '+14445556002' }],
    });
    if (made.status !== 'OK') throw new Error(made.message);
    const { number } = made;
    await world.text(phone, number, 'YES');
    await world.quiet();
    await stranger.findMember({ number: phone });
    await world.quiet();
    const pin = /\b\d{6}\b/.exec(world.textsTo(phone).at(-1)?.text ?? '')?.[0] ?? '';
    const session = await stranger.logIn({ number: phone, pin });
    if (session.status !== 'OK') throw new Error(session.message);
    const eve = stranger.withToken(session.sid);
    const sent = await eve.sendMessage({ number, message: 'Tide at 9' });
    if (sent.status !== 'OK') throw new Error(sent.message);
    expect(sent.message_id).to.equal(1);
    await world.quiet();
    const state = await eve.getMessageState({ number, message_id: 1 });
    expect(state).to.deep.include({ counts: { waiting: 0, sent: 0, delivered: 1, failed: 0, skipped: 0 } });
    expect((await eve.getBalance()).status).to.equal('OK');
  });

  it('has the errors of each call as values to switch on', async () => {
    const answer = await ann.setGroup({ number: group.number, name: 'x'.repeat(31) });
    if (answer.status !== 'ERROR') throw new Error('it was taken');
    switch (answer.error_type) {
      case 'TOO_LONG':
        expect(answer.message).to.match(/30 characters/);
        break;
      case 'MISSING_FIELDS':
      case 'DESCRIPTION_TOO_LONG':
      case 'MEMBER_LOOKUP_FAILED':
      case 'NOT_OWNER':
      case 'INVALID_INVITE_CODE':
      case 'USED_INVITE_CODE':
      case 'CANT_MAKE_PUBLIC':
      case 'UNAUTHORIZED':
      case 'BAD_REQUEST':
      case 'TOO_LARGE':
      case 'INTERNAL':
      case 'UNAVAILABLE':
        throw new Error(answer.error_type);
      default:
        answer.error_type satisfies never;
    }
    expect(await stranger.getBalance()).to.include({ status: 'ERROR', error_type: 'UNAUTHORIZED' });
  });

  it('sends once, whatever the network loses, and does not repeat what may have happened without a key', async () => {
    const { own, made } = lossy(['answer', 'request', 'answer']);
    const shaky = createClient({ url: world.url, fetch: own }).withToken(await openSid(world, group.phones.Ann ?? ''));
    const sent = await shaky.sendMessage({ number: group.number, message: 'Only once' });
    expect(sent).to.include({ status: 'OK' });
    expect(new Set(made).size).to.equal(1);
    expect(made).to.have.length(4);
    const read = await ann.getMessages({ number: group.number });
    if (read.status !== 'OK') throw new Error(read.message);
    expect(read.messages.filter(({ txt }) => txt === 'Ann: Only once')).to.have.length(1);
    const lost = createClient({ url: world.url, fetch: lossy(['answer']).own });
    const failed = await lost.findMember({ number: '12' }).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(TypeError);
  });

  it('waits as long as a 503 says, and hands over one that says longer', async () => {
    let asked = 0;
    const away =
      (seconds: string): typeof fetch =>
      async () => {
        asked++;
        const body =
          asked % 2 === 1 ? { status: 'ERROR', error_type: 'UNAVAILABLE', message: 'Later.' } : { status: 'OK' };
        return new Response(JSON.stringify(body), {
          status: asked % 2 === 1 ? 503 : 200,
          headers: { 'retry-after': seconds },
        });
      };
    const soon = createClient({ url: world.url, fetch: away('0') });
    expect(await soon.logOut()).to.deep.equal({ status: 'OK' });
    const late = createClient({ url: world.url, fetch: away('3600') });
    expect(await late.logOut()).to.include({ error_type: 'UNAVAILABLE' });
    expect(asked).to.equal(3);
  });

  it('throws what is no answer of the API, and ends with its signal', async () => {
    const page = createClient({
      url: world.url,
      fetch: async () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
    });
    expect(await page.countAllMessages().catch((error: unknown) => error)).to.be.instanceOf(UnexpectedAnswer);
    const given = AbortSignal.abort(new Error('enough'));
    const ended = await ann.getBalance({}, { signal: given }).catch((error: Error) => error.message);
    expect(ended).to.equal('enough');
  });

  it('hears what happens, and goes on behind what it has seen', async () => {
    const first = await hear(1, () => ann.sendMessage({ number: group.number, message: 'Heard' }));
    expect(first.map(({ event }) => event.type)).to.deep.equal(['message.accepted']);
    expect(first[0]?.event.message?.txt).to.equal('Ann: Heard');
    await ann.sendMessage({ number: group.number, message: 'Meanwhile' });
    const later = await hear(1, async () => undefined, first.at(-1)?.cursor);
    expect(later.map(({ event }) => event.message?.txt)).to.deep.equal(['Ann: Meanwhile']);
    const refused = stranger.withToken('nothing').events();
    expect(await refused.next().catch((error: unknown) => error)).to.be.instanceOf(UnexpectedAnswer);
  });

  /** The first messages of the stream, once `then` has been done. */
  async function hear(count: number, then: () => Promise<unknown>, cursor?: string): Promise<HeardEvent[]> {
    const ending = new AbortController();
    const heard: HeardEvent[] = [];
    const from = cursor ?? (await latest());
    await then();
    for await (const one of ann.events({ cursor: from, signal: ending.signal })) {
      if (one.event.type === 'message.accepted') heard.push(one);
      if (heard.length === count) ending.abort();
    }
    return heard;
  }

  async function latest(): Promise<string> {
    const now = await ann.getEvents();
    if (now.status !== 'OK') throw new Error(now.message);
    return now.cursor;
  }

  it('has every call of the API', () => {
    for (const name of Object.keys(calls)) expect(ann, name).to.have.property(name).that.is.a('function');
  });
});
