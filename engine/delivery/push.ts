import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { markSkipped } from '../../db/deliveries/claims.ts';
import type { DeliveryKey } from '../../db/deliveries/delivery-keys.ts';
import { claimPushes, markPushed, type PushPayload, readPushPayloads } from '../../db/deliveries/pushes.ts';
import { readMedia } from '../../db/messages/messages.ts';
import { type AlertableDevice, deleteDevice, findAlertable } from '../../db/people/devices.ts';
import { countEvents } from '../platform/events.ts';
import type { PushJob } from '../platform/jobs.ts';
import { mediaAddresses } from '../platform/media-addresses.ts';
import type { Runtime } from '../platform/runtime.ts';
import { alertableTypes, pusherFor } from '../pushers/open.ts';
import type { PushVerdict } from '../pushers/pusher.ts';
import { languageOf, speakIn } from '../rules/languages/index.ts';
import { type Push, toPush } from '../rules/push.ts';
import { PUSH_BEGIN_MS, PUSH_GRACE_MS, PUSH_WITHIN_MS, textInstead } from './pushes.ts';
import { untilCommitted } from './record.ts';

/**
 * Alerts the devices of members: all that somebody has, and one that is alerted is enough. Who has none by then gets a
 * text. Safe to run twice, because a push can be claimed once; of one whose worker died the sweeper makes a text.
 */
export function openPushing(runtime: Runtime, { withinMs = PUSH_WITHIN_MS, beginMs = PUSH_BEGIN_MS } = {}): Pushing {
  const claimer = randomBytes(9).toString('base64url');
  let claims = 0;
  let stopping = false;

  /** True when one of the devices was alerted. */
  async function alert(payload: PushPayload, devices: readonly AlertableDevice[]): Promise<boolean> {
    const queuedAt = payload.queuedAt.getTime();
    const times = { beginBy: queuedAt + beginMs, deadline: queuedAt + withinMs };
    const verdicts = await Promise.all(devices.map((device) => alertDevice(runtime, { payload, device, ...times })));
    return verdicts.some(({ kind }) => kind === 'taken');
  }

  return {
    async push({ messageId, to }) {
      const claim = `${claimer}-${++claims}`;
      const mine = await claimPayloads(runtime, {
        keys: to.map((personId) => ({ messageId, personId, part: 0 })),
        claim,
      });
      if (mine.length === 0) return;
      const types = alertableTypes(runtime.config);
      const devices = await findAlertable(runtime.db, { phones: mine.map(({ phone }) => phone), types });
      const alerted = await Promise.all(
        mine.map((payload) =>
          alert(
            payload,
            devices.filter(({ phone }) => phone === payload.phone),
          ),
        ),
      );
      const pushed = mine.filter((_, at) => alerted[at]);
      const others = mine.filter((_, at) => !alerted[at]);
      await untilCommitted(
        () => note(runtime, { keys: pushed, claim }),
        () => stopping,
      );
      await untilCommitted(
        () => textInstead(runtime, { keys: others, claim }),
        () => stopping,
      );
    },
    stop() {
      stopping = true;
    },
  };
}
/** `stop` keeps nothing waiting for MySQL any more. */
export type Pushing = { push(job: PushJob): Promise<void>; stop(): void };

async function claimPayloads(
  runtime: Runtime,
  { keys, claim }: { keys: readonly DeliveryKey[]; claim: string },
): Promise<PushPayload[]> {
  const payloads = await readPushPayloads(runtime.db, keys);
  const now = new Date();
  for (const key of payloads) {
    const reason = whySkipped(key);
    if (reason !== null && (await markSkipped(runtime.db, { key, reason, now }))) countEvents(runtime, { skipped: 1 });
  }
  const wanted = payloads.filter((payload) => whySkipped(payload) === null);
  const seconds = (PUSH_WITHIN_MS + PUSH_GRACE_MS) / 1000;
  return wanted.length === 0 ? [] : claimPushes(runtime.db, { keys: wanted, claim, seconds });
}

function whySkipped({ blocked, gone, cancelled }: PushPayload): string | null {
  if (cancelled === 1) return 'cancelled';
  if (blocked === 1) return 'blocked';
  return gone === 1 ? 'gone' : null;
}

type Asked = { payload: PushPayload; device: AlertableDevice; beginBy: number; deadline: number };

async function alertDevice(runtime: Runtime, asked: Asked): Promise<PushVerdict> {
  const verdict = await ask(runtime, asked);
  const { payload, device } = asked;
  countEvents(runtime, { [`push:${verdict.kind}`]: 1 });
  if (verdict.kind === 'taken') return verdict;
  runtime.log.info({ device: device.id, message: payload.messageId, ...verdict }, 'a device was not alerted');
  if (verdict.kind === 'gone')
    await deleteDevice(runtime.db, device.id).catch((err) =>
      runtime.log.warn({ err }, 'a device that is gone is still registered'),
    );
  return verdict;
}

/**
 * Again while it is not sure that it was taken, until its time is over: two alerts of one key show as one, an alert and a
 * text as two.
 */
async function ask(runtime: Runtime, { payload, device, beginBy, deadline }: Asked): Promise<PushVerdict> {
  const pusher = pusherFor(runtime, device.type);
  if (pusher === null) return { kind: 'refused', reason: 'no service' };
  if (Date.now() >= beginBy) return { kind: 'late', reason: 'not begun in time' };
  const alert = {
    token: device.token,
    push: contentOf(runtime, payload),
    key: `${payload.messageId}-${payload.personId}`,
    deadline,
  };
  for (let waitMs = AGAIN_MS; ; waitMs = Math.min(waitMs * 2, MOST_MS)) {
    const verdict = await pusher.push(alert);
    if (verdict.kind !== 'unsure') return verdict;
    await sleep(Math.min(waitMs, Math.max(0, deadline - Date.now())));
    if (Date.now() >= deadline) return verdict;
  }
}
const AGAIN_MS = 100;
const MOST_MS = 1_000;

function contentOf({ config }: Runtime, payload: PushPayload): Push {
  const { group, number, sender, id, text, own, groupLanguage } = payload;
  const media = mediaAddresses(config, readMedia(payload.media));
  return speakIn(languageOf({ own, group: groupLanguage }), () =>
    toPush({ group: { name: group, number }, sender, messageId: id, text, media }),
  );
}

async function note(runtime: Runtime, { keys, claim }: { keys: readonly DeliveryKey[]; claim: string }): Promise<void> {
  if (keys.length === 0) return;
  const noted = await markPushed(runtime.db, { keys, claim, now: new Date() });
  if (noted > 0) countEvents(runtime, { sent: noted });
}
