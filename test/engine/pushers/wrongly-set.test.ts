import { expect } from 'chai';
import { makePushSettings, type PushSettings } from '../../../dev/push-simulator/settings.ts';
import { type PushSimulator, startPushSimulator } from '../../../dev/push-simulator/simulator.ts';
import { apnsSettings, fcmSettings } from '../../../engine/platform/push-settings.ts';
import { openApns } from '../../../engine/pushers/apns.ts';
import { openFcm } from '../../../engine/pushers/fcm.ts';
import type { Pusher } from '../../../engine/pushers/pusher.ts';

/** What an operator reads in the log when a setting is another's: a refusal, and no device is forgotten for it. */
describe('a push service that is set up wrongly', () => {
  let services: PushSimulator;
  const others = makePushSettings({ apnsUrl: 'http://127.0.0.1:1', fcmUrl: 'http://127.0.0.1:2' });
  before(async () => {
    services = await startPushSimulator();
  });
  after(() => services?.stop());

  const account = (part: object) => ({
    FCM_SERVICE_ACCOUNT: JSON.stringify({ ...JSON.parse(services.settings.FCM_SERVICE_ACCOUNT), ...part }),
  });
  const othersKey = JSON.parse(others.FCM_SERVICE_ACCOUNT).private_key as string;
  const rows: readonly [what: string, service: 'apns' | 'fcm', wrong: () => Partial<PushSettings>, reason: string][] = [
    ['another key', 'apns', () => ({ APNS_KEY: others.APNS_KEY }), '403 InvalidProviderToken'],
    ['the name of another key', 'apns', () => ({ APNS_KEY_ID: 'OTHER' }), '403 InvalidProviderToken'],
    ['another team', 'apns', () => ({ APNS_TEAM_ID: 'OTHER' }), '403 InvalidProviderToken'],
    ['another app', 'apns', () => ({ APNS_TOPIC: 'com.example.other' }), '400 TopicDisallowed'],
    ['an address where nobody is', 'apns', () => ({ APNS_URL: others.APNS_URL }), 'not reached: ECONNREFUSED'],
    ['another key', 'fcm', () => account({ private_key: othersKey }), 'access token 400'],
    ['another account', 'fcm', () => account({ client_email: 'other@example.com' }), 'access token 400'],
    ['another project', 'fcm', () => account({ project_id: 'other' }), '404 NOT_FOUND_HERE'],
    ['an address where nobody is', 'fcm', () => ({ FCM_URL: others.FCM_URL }), 'not reached: ECONNREFUSED'],
  ];
  for (const [what, service, wrong, reason] of rows) {
    it(`with ${what} refuses (${service}): ${reason}`, async () => {
      const pusher = open(service, { ...services.settings, ...wrong() });
      const group = { name: 'Friends', number: '+12015550101' };
      const push = { group, sender: 'Ann', messageId: 1, text: 'Ann: Hi', media: [] };
      const alert = { token: 'a device', push, key: '1-1', deadline: Date.now() + 8_000 };
      expect(await pusher.push(alert)).to.deep.equal({ kind: 'refused', reason });
      pusher.close();
      expect(services.taken).to.deep.equal([]);
    });
  }
});

function open(service: 'apns' | 'fcm', settings: PushSettings): Pusher {
  const [apns, fcm] = [apnsSettings(settings), fcmSettings(settings)];
  if (apns === null || fcm === null) throw new Error('the settings are not whole');
  return service === 'apns' ? openApns(apns) : openFcm(fcm);
}
