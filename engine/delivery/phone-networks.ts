import { LRUCache } from 'lru-cache';
import { transact } from '../../db/connect.ts';
import { addUsed, readNetworks, readSentThrough, setNetwork } from '../../db/deliveries/campaigns.ts';
import { readMedia } from '../../db/messages/messages.ts';
import type { Runtime } from '../platform/runtime.ts';
import { networkDay, networkNameOf } from '../rules/networks.ts';
import { splitDelivered } from '../rules/text.ts';
import type { TryOf } from '../rules/try-name.ts';
import { openCaps, segmentsOf } from './campaign-caps.ts';
import type { Outcome } from './outcome.ts';

/**
 * Keeps what reports say of the networks of phones, and moves what was counted for another network in a day to the right
 * one. Costs a statement where a phone is new to this process, and none where it is known. Safe to repeat.
 */
export async function learnNetworks(runtime: Runtime, outcomes: readonly Outcome[]): Promise<void> {
  const known = runtime.use(openKnown);
  const news = new Map<number, { of: TryOf; network: string }>();
  for (const { of, network } of outcomes)
    if (network && known.get(of.personId) !== network) news.set(of.personId, { of, network });
  if (news.size === 0) return;
  const before = await readNetworks(runtime.db, [...news.keys()]);
  for (const [personId, { of, network }] of news) {
    const was = before.get(personId);
    if (was !== network) await move(runtime, { of, network, was });
    known.set(personId, network);
  }
}

async function move(
  runtime: Runtime,
  { of, network, was }: { of: TryOf; network: string; was: string | undefined },
): Promise<void> {
  const caps = await runtime.use(openCaps).all();
  await transact(runtime.db, async (tx) => {
    if (!(await setNetwork(tx, { personId: of.personId, network })) || caps.length === 0) return;
    const sent = await readSentThrough(tx, of);
    if (sent === undefined) return;
    const { day } = networkDay(sent.at);
    const text = splitDelivered(sent.text)[of.part] ?? '';
    const segments = segmentsOf({ text, media: of.part === 0 ? readMedia(sent.media) : [] });
    const changes = [
      { network: networkNameOf(was ?? ''), segments: -segments },
      { network: networkNameOf(network), segments },
    ].sort((a, b) => (a.network < b.network ? -1 : 1));
    for (const change of changes) {
      const cap = caps.find((one) => one.campaign === sent.campaign && one.network === change.network);
      if (cap !== undefined) await addUsed(tx, { ...cap, day, segments: change.segments });
    }
  });
}

/** Networks by person, as this process has seen them written. */
function openKnown(): LRUCache<number, string> {
  return new LRUCache({ max: 50_000 });
}
