import { expect } from 'chai';
import type nockPackage from 'nock';
import { openPlivoNumbers } from '../../../../engine/carriers/plivo/numbers.ts';

const settings = { authId: 'MAXXXXXXXXXXXXXXXXXX', authToken: 'secret', apiUrl: 'https://api.plivo.com/' };
const account = `/v1/Account/${settings.authId}/PhoneNumber/`;
const offer = { number: '14155550100', type: 'local', sms_enabled: true };

/** What the official SDK really asks, and what becomes of each answer. */
describe('buying a number at Plivo', () => {
  let nock: typeof nockPackage;

  // Its import already stands between this process and the network, where other tests have real servers.
  before(async () => {
    nock = (await import('nock')).default;
    nock.disableNetConnect();
  });
  afterEach(() => nock.cleanAll());
  after(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  const carrier = () => nock('https://api.plivo.com').matchHeader('authorization', /^Basic /);
  const search = (country = 'US') =>
    carrier().get(account).query({ country_iso: country, type: 'local', services: 'sms', limit: 1 });
  const order = (body: nockPackage.RequestBodyMatcher = () => true) =>
    carrier().post(`${account}${offer.number}/`, body);
  const buy = (applicationId?: string) =>
    openPlivoNumbers({ ...settings, timeoutMs: 500, ...(applicationId === undefined ? {} : { applicationId }) })
      .buy({ country: 'US' })
      .catch((error: unknown) => error);

  function answerOrder(status: string) {
    return { message: 'created', numbers: [{ number: offer.number, status: 'Success' }], status };
  }

  it('searches one local number of the country that can do SMS, and orders it for our application', async () => {
    search().reply(200, { meta: {}, objects: [offer] });
    order((body) => body.app_id === '36').reply(201, answerOrder('fulfilled'));
    expect(await buy('36')).to.equal('+14155550100');
    expect(nock.pendingMocks()).to.deep.equal([]);
  });

  it('leaves the application out where none is set', async () => {
    search().reply(200, { meta: {}, objects: [offer] });
    order((body) => !('app_id' in body)).reply(201, answerOrder('fulfilled'));
    expect(await buy()).to.equal('+14155550100');
  });

  for (const [what, offered, answer, says] of [
    ['offers none', [], null, /offers no number in US/],
    ['leaves the order pending', [offer], { code: 201, body: answerOrder('pending') }, /order of a number is pending/],
    ['has sold it meanwhile', [offer], { code: 404, body: { error: 'number is not available' } }, /not available/],
    ['does not know us', [offer], { code: 401, body: 'Could not verify your access.' }, /./],
    ['is out of order', [offer], { code: 500, body: 'oops' }, /./],
  ] as const) {
    it(`throws an error where Plivo ${what}`, async () => {
      search().reply(200, { meta: {}, objects: offered });
      if (answer !== null) order().reply(answer.code, answer.body);
      const error = await buy();
      expect(error).to.be.instanceOf(Error);
      expect((error as Error).message).to.match(says);
      expect((error as Error).message).not.to.contain(settings.authToken);
    });
  }

  it('gives up where Plivo does not answer in time', async () => {
    search()
      .delay(2_000)
      .reply(200, { meta: {}, objects: [offer] });
    const began = Date.now();
    expect(await buy()).to.be.instanceOf(Error);
    expect(Date.now() - began).to.be.below(1_900);
  });
});
