import { row } from '../../../db/connect.ts';
import type { Attack } from '../attack.ts';
import { newPhone, openSidOf, type Target } from '../target.ts';

/** Our own numbers as members, and as senders. */
export const nested: Attack = {
  name: 'nested',
  does: 'our own numbers as creators, members and senders, to put a group into a group',
  async run(target) {
    const { call, outsiders, victims, pool, serviceNumber, text } = target;
    const broken: string[] = [];
    const before = await countMessages(target);
    const sid = await openSidOf(target.db, outsiders.owner.phone);
    for (const ours of [...pool, serviceNumber]) {
      const pair = { name_0: 'Nest', number_0: ours };
      const asked = [
        await call('/group/create', { group: 'Nest', name: 'Otto', number: newPhone(), ...pair }),
        await call('/group/create', {
          group: 'Nest',
          name: 'Otto',
          number: ours,
          name_0: 'Olga',
          number_0: newPhone(),
        }),
        await call('/member/add', { sid, group: outsiders.number, name: 'Nest', number: ours }),
      ];
      for (const { text: said, body } of asked)
        if (body.error_type !== 'GROUP_FLIER_NUMBER') broken.push(`${ours} was not refused: ${said}`);
      for (const to of [victims.number, outsiders.number, serviceNumber]) {
        const status = await text(ours, to, 'An echo');
        if (status !== 200) broken.push(`a text from ${ours} was answered ${status}, so it comes again`);
      }
    }
    if ((await countMessages(target)) !== before) broken.push('a text from one of our numbers was kept as a message');
    return broken;
  },
};

async function countMessages({ db, victims, outsiders }: Target): Promise<number> {
  const found = await row<{ count: number }>(
    db,
    "SELECT COUNT(*) AS count FROM messages WHERE group_id IN (?, ?) AND kind = 'said'",
    [victims.id, outsiders.id],
  );
  return found?.count ?? 0;
}

/** Numbers that cost the person who texts them, or earn somebody else money. */
const costly = [
  ['a premium number', '+19005550100'],
  ['Jamaica', '+18765550100'],
  ['the Dominican Republic', '+18095550100'],
  ['Puerto Rico', '+17875550100'],
  ['Latvia', '+37120000000'],
  ['Britain', '+447700900100'],
  ['Somalia', '+252612345678'],
  ['a satellite phone', '+881612345678'],
  ['an international network', '+882161234567'],
  ['an international premium number', '+979123456789'],
] as const;

/** From the contract: the PINs that go to a phone in 15 minutes. */
const PINS = 3;

export const pumping: Attack = {
  name: 'pumping',
  does: 'texts to foreign and premium numbers by every call that takes a phone, and PIN after PIN to one phone',
  async run(target, { runs }) {
    const { call, outsiders, victims, textsTo } = target;
    const sid = await openSidOf(target.db, outsiders.owner.phone);
    const broken: string[] = [];
    for (const [what, phone] of costly) {
      const asked = [
        await call('/group/create', {
          group: 'Far',
          name: 'Otto',
          number: phone,
          name_0: 'Olga',
          number_0: newPhone(),
        }),
        await call('/group/create', { group: 'Far', name: 'Otto', number: newPhone(), name_0: 'Far', number_0: phone }),
        await call('/group/join', { invite_code: 'nothing-here', name: 'Far', number: phone }),
        await call('/member/find', { number: phone }),
        await call('/member/login', { number: phone, pin: '123456' }),
        await call('/member/add', { sid, group: outsiders.number, name: 'Far', number: phone }),
        await call('/device/register', { number: phone, type: 'android', token: 'pumped' }),
      ];
      for (const { text, body } of asked)
        if (body.error_type !== 'INVALID_NUMBER') broken.push(`${what} was not refused: ${text}`);
      if (textsTo(phone).length > 0) broken.push(`${what} was texted`);
    }
    const phone = victims.owner.phone;
    const before = textsTo(phone).length;
    const tries = runs === 'many' ? 200 : 10;
    const found = await Promise.all(
      Array.from({ length: tries }, (_, at) => call('/member/find', { number: phone }, `127.0.7.${2 + at}`)),
    );
    const sent = found.filter(({ body }) => body.status === 'OK').length;
    if (sent > PINS || found.some(({ body }) => body.status !== 'OK' && body.error_type !== 'THROTTLE'))
      broken.push(`${sent} of ${tries} PINs were sent to one phone`);
    if (textsTo(phone).length - before > PINS) broken.push('one phone got more PINs than that');
    return broken;
  },
};
