import { type Db, run, transact } from '../../db/connect.ts';
import { putDevice } from '../../db/people/devices.ts';
import type { PushSimulator } from '../../dev/push-simulator/simulator.ts';
import type { Text } from '../../dev/simulator/log.ts';
import { PUSH_WITHIN_MS } from '../../engine/delivery/pushes.ts';
import type { Group } from '../bench/crowd.ts';

/** Every third member, the owners aside, has the app on a phone of either kind and wants pushes. */
export async function giveApps(db: Db, groups: readonly Group[]): Promise<void> {
  const now = new Date();
  for (const { id, phones } of groups) {
    const users = appUsers(phones);
    await transact(db, async (tx) => {
      for (const [at, phone] of users.entries())
        await putDevice(tx, { phone, type: at % 2 === 0 ? 'iphone' : 'android', token: APP + phone }, now);
      await run(
        tx,
        `UPDATE memberships m JOIN people p ON p.id = m.person_id SET m.sms = 2, m.sms_chosen = 2
         WHERE m.group_id = ? AND p.phone IN (?)`,
        [id, users],
      );
    });
  }
}

export function appUsers(phones: readonly string[]): string[] {
  return phones.filter((_, at) => at % 3 === 1);
}

const APP = 'app-of-';
const BY_PUSH = 'push:';

/** What apps have shown after the first `count` pushes, as the carrier tells of texts. */
export function pushedSince({ pushes }: { pushes: PushSimulator }, count: number): Text[] {
  // Of one key, a device shows one; another text takes its place.
  const nameOf = ({ key, text }: { key: string; text: string }) => `${key} ${text}`;
  const shown = new Set(pushes.taken.slice(0, count).map(nameOf));
  const news = pushes.taken.slice(count).filter((push) => !shown.has(nameOf(push)) && shown.add(nameOf(push)));
  return news.map(({ token, key, text, at }, place) => ({
    ...{ seq: count + place, uuid: key, url: BY_PUSH + key, from: '', media: [], text },
    ...{ to: token.slice(APP.length), at: at.getTime() },
  }));
}

/**
 * A push that no answer came to in time, and the text that came instead. A service that is slow may show the push right
 * before the text, or after it.
 */
export function isPushGivenUp(first: Text, second: Text, saidAt: number): boolean {
  const text = [first, second].find(({ url }) => !url.startsWith(BY_PUSH));
  const isPair = [first, second].some(({ url }) => url.startsWith(BY_PUSH));
  return text !== undefined && isPair && text.at - saidAt >= PUSH_WITHIN_MS;
}
