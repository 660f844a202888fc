import { Type } from '@sinclair/typebox';
import { registerDevice, releaseDevices } from '../../engine/people/devices.ts';
import { endpoint } from '../endpoint.ts';

const type = {
  kind: 'deviceType',
  says: 'Type of the device (iphone,iphone_no_notify,android)',
  example: 'iphone',
} as const;

export const deviceRegister = endpoint({
  url: '/device/register',
  name: 'registerDevice',
  summary: 'Register a device',
  notes:
    'With the optional sid of this phone the device is live at once. Without it, the phone gets a text, and the device stays silent unless the phone replies YES within 30 minutes. Each such text has a code: where several devices wait, only YES with its code confirms one. A token that another phone registers moves there once that device is live. Live devices are alerted of messages to members whose sms is 2; an iphone_no_notify gets no alerts. A device that its push service no longer knows is released. A phone gets at most 3 such texts in 15 minutes and 10 a day.',
  session: 'optional',
  throttled: true,
  parameters: {
    number: { kind: 'phone', says: 'The phone number of the device', example: '+14445556666' },
    type,
    token: { kind: 'deviceToken', says: 'Token of the device', example: '740f4707bebcf74f9b7c25d48e3358945f6aa01d' },
  },
  answer: Type.Object({}),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_TYPE: {},
    INVALID_NUMBER: { subtype: 'number' },
    THROTTLE: {},
  },
  async handle({ runtime, session, params, request: { address } }) {
    const device = { phone: params.number, type: params.type, token: params.token };
    await registerDevice(runtime, device, { session, address });
    return {};
  },
});

export const deviceRelease = endpoint({
  url: '/device/release',
  name: 'releaseDevices',
  summary: 'Release a device',
  notes: 'Releases all devices of this type that belong to the session’s phone; it is OK if there are none.',
  session: 'required',
  parameters: { type },
  answer: Type.Object({}),
  errors: { MISSING_FIELDS: { subtype: 'fields' }, INVALID_TYPE: {} },
  async handle({ runtime, session, params }) {
    await releaseDevices(runtime, { phone: session.phone, type: params.type });
    return {};
  },
});
