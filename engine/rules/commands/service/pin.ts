import { serviceCommand } from './command.ts';

/** Strangers can use up the PINs that calls may ask for; who texts from the phone always gets one. */
export const pin = serviceCommand({
  name: 'pin',
  words: ['pin'],
  starless: true,
  usage: 'PIN',
  does: 'texts you a PIN to log in with',
  read: () => ({}),
  needs: () => ({ kind: 'none' }),
  run: () => [{ kind: 'textPin' }],
});
