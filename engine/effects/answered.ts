import { isDuplicate } from '../../db/connect.ts';
import { dropInvitation } from '../../db/groups/invitations.ts';
import { deleteDevice, findUnconfirmed, putDevice } from '../../db/people/devices.ts';
import { readLanguages } from '../../db/people/people.ts';
import { type DeviceType, nameDevice } from '../rules/devices.ts';
import { languageOf, speakIn } from '../rules/languages/index.ts';
import { texts } from '../rules/texts.ts';
import { recordConsent } from './consent.ts';
import { type EffectContext, type EffectHandlers, Stale } from './context.ts';

/** What a phone answers to what we asked it. */
export const answered: EffectHandlers<'confirmDevice' | 'refuseDevice' | 'refuseInvitation' | 'refuseGroup'> = {
  async confirmDevice(context, { deviceId }) {
    const device = await waitingDevice(context, deviceId);
    await putDevice(context.tx, device, context.act.now).catch((error: unknown) => {
      // Another phone got the same token in the same instant.
      throw isDuplicate(error) ? new Stale() : error;
    });
    await recordConsent(context, { kind: 'consent', about: 'device', asked: await askedAbout(context, device) });
  },
  async refuseDevice(context, { deviceId }) {
    const device = await waitingDevice(context, deviceId);
    await deleteDevice(context.tx, device.id);
    await recordConsent(context, { kind: 'refusal', about: 'device', asked: await askedAbout(context, device) });
  },
  async refuseInvitation(context, { groupId, asked }) {
    const { tx, act } = context;
    if (!(await dropInvitation(tx, { personId: act.by.personId, groupId }))) throw new Stale();
    await recordConsent(context, { kind: 'refusal', about: 'membership', asked });
  },
  async refuseGroup(context) {
    await recordConsent(context, { kind: 'refusal', about: 'ownership' });
  },
};

async function askedAbout(
  { tx, act }: EffectContext,
  { type, code }: { type: DeviceType; code: string },
): Promise<string> {
  const { personId } = act.by;
  const own = (await readLanguages(tx, [personId])).get(personId) ?? null;
  return speakIn(languageOf({ own, group: null }), () => texts.askDevice({ device: nameDevice(type), code }));
}

async function waitingDevice(
  { tx, act }: EffectContext,
  deviceId: number,
): Promise<Awaited<ReturnType<typeof findUnconfirmed>>[number]> {
  const phone = act.inbound?.phone ?? '';
  const device = (await findUnconfirmed(tx, { phone, now: act.now })).find(({ id }) => id === deviceId);
  if (device === undefined) throw new Stale();
  return device;
}
