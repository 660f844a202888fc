import closeWithGrace from 'close-with-grace';
import type { Taken } from './desk.ts';
import type { PushSettings } from './settings.ts';
import { startPushSimulator } from './simulator.ts';

/** The simulator as a program, set up by the engine’s own settings. It never stands in for a service in production. */
const { env } = process;
if (env.NODE_ENV === 'production') {
  console.error('the push simulator is not for production (NODE_ENV)');
  process.exit(1);
}
const simulator = await startPushSimulator({ settings: env as unknown as PushSettings, onTaken: showOnHandset });
console.log(`push simulator listening on ${env.APNS_URL} and ${env.FCM_URL}`);
closeWithGrace({ delay: 5_000, logger: false }, () => simulator.stop());

/** A device whose token is `handset:` and a phone is the app on that virtual handset. */
function showOnHandset({ token, title, text, extra }: Taken): void {
  const [, phone] = /^handset:(\+\d+)$/.exec(token) ?? [];
  if (phone === undefined || !env.SIMULATOR_PORT) return;
  const { group_number, group } = extra as { group_number?: string; group?: { number: string } };
  fetch(`http://127.0.0.1:${env.SIMULATOR_PORT}/handsets/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: phone, from: group?.number ?? group_number, text: `${title}\n${text}` }),
  }).catch(() => console.error('the handsets page does not show a push: the carrier simulator does not answer'));
}
