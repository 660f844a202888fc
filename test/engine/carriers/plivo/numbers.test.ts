import { expect } from 'chai';
import type nockPackage from 'nock';
import { openPlivoNumbers } from '../../../../engine/carriers/plivo/numbers.ts';

const settings = { authId: 'MAXXXXXXXXXXXXXXXXXX', authToken: 'secret', apiUrl: 'https://api.plivo.com/' };
const account = `/v1/Account/${settings.authId}/PhoneNumber/`;
const offer = { number: '14155550100', type: 'local', sms_enabled: true, mms_enabled: true, restriction: null };
const numberUrl = `/v1/Account/${settings.authId}/Number/${offer.number}/`;

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
    carrier().get(account).query({ country_iso: country, type: 'local', services: 'sms,mms', limit: 20 });
  const order = (body: nockPackage.RequestBodyMatcher = () => true) =>
    carrier().post(`${account}${offer.number}/`, body);
  const buy = (applicationId?: string, timeoutMs = 5_000) =>
    openPlivoNumbers({ ...settings, timeoutMs, ...(applicationId === undefined ? {} : { applicationId }) })
      .buy({ country: 'US' })
      .catch((error: unknown) => error);

  function answerOrder(status: string) {
    return { message: 'created', numbers: [{ number: offer.number, status: 'Success' }], status };
  }

  it('searches local numbers of the country, and orders the first that does SMS and MMS freely, for our application', async () => {
    const others = [{ mms_enabled: false }, { sms_enabled: false }, { restriction: 'address' }];
    const objects = [...others.map((other) => ({ ...offer, number: '14155550199', ...other })), offer];
    search().reply(200, { meta: {}, objects });
    order((body) => body.app_id === '36').reply(201, answerOrder('fulfilled'));
    expect(await buy('36')).to.deep.equal({ phone: '+14155550100', isReady: true });
    expect(nock.pendingMocks()).to.deep.equal([]);
  });

  it('leaves the application out where none is set', async () => {
    search().reply(200, { meta: {}, objects: [offer] });
    order((body) => !('app_id' in body)).reply(201, answerOrder('fulfilled'));
    expect(await buy()).to.deep.equal({ phone: '+14155550100', isReady: true });
  });

  it('names the number as well where its order is pending: it is paid for', async () => {
    search().reply(200, { meta: {}, objects: [offer] });
    order().reply(201, answerOrder('pending'));
    expect(await buy()).to.deep.equal({ phone: '+14155550100', isReady: false });
  });

  const makeReady = (campaignId = '') =>
    openPlivoNumbers({ ...settings, timeoutMs: 5_000, campaignId }).makeReady('+14155550100');
  const rented = { number: offer.number, sms_enabled: true, mms_enabled: true };
  const registered = (status: string | null, campaign: string | null = 'CGROUPS') => ({
    ...rented,
    tendlc_campaign_id: campaign,
    tendlc_registration_status: status,
  });

  it('hands a number out when it can do SMS and MMS, and with a campaign when it is linked to that', async () => {
    for (const [body, campaign, ready] of [
      [rented, '', true],
      [{ ...rented, mms_enabled: false }, '', false],
      [{ ...rented, sms_enabled: false }, 'CGROUPS', false],
      [registered('COMPLETED'), 'CGROUPS', true],
      [registered('PROCESSING'), 'CGROUPS', false],
    ] as const) {
      carrier().get(numberUrl).reply(200, body);
      expect(await makeReady(campaign), JSON.stringify(body)).to.equal(ready);
    }
    expect(nock.pendingMocks()).to.deep.equal([]);
  });

  it('links a number to the campaign where it is not linked, or to another', async () => {
    for (const body of [registered('UNREGISTERED', null), registered('COMPLETED', 'COTHER'), registered(null, null)]) {
      carrier().get(numberUrl).reply(200, body);
      carrier()
        .post(`/v1/Account/${settings.authId}/10dlc/Campaign/CGROUPS/Number/`, { numbers: [offer.number] })
        .reply(202, { message: 'Request to link' });
      expect(await makeReady('CGROUPS')).to.equal(false);
      expect(nock.pendingMocks()).to.deep.equal([]);
    }
  });

  for (const [what, offered, answer, says] of [
    ['offers none', [], null, /offers no number in US/],
    ['offers none that does MMS', [{ ...offer, mms_enabled: false }], null, /offers no number in US/],
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
    expect(await buy('', 100))
      .to.be.instanceOf(Error)
      .and.have.property('message')
      .that.matches(/timeout of 100ms/);
  });
});
