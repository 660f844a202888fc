import { readClock } from '../../db/clock.ts';
import { type Tx, transact } from '../../db/connect.ts';
import { addUsed, type CampaignCap, listCaps, lockUsed, readNetworks } from '../../db/deliveries/campaigns.ts';
import { openKept } from '../platform/kept.ts';
import type { Runtime } from '../platform/runtime.ts';
import { networkDay, networkNameOf } from '../rules/networks.ts';
import { sizeOf } from '../rules/text-size.ts';
import type { Claimed } from './claimed-texts.ts';

/**
 * Counts texts that are about to be sent against what their campaigns may send to a network in a day, by the network that
 * the last report named for the phone; one that no report has named counts when its first report comes. Returns those
 * for which no room is left, and when the day ends. Nothing is looked up where no campaign has a cap.
 */
export async function holdBeyondCaps(runtime: Runtime, texts: readonly Claimed[]): Promise<ReadonlyMap<Claimed, Date>> {
  const held = new Map<Claimed, Date>();
  const capped = await cappedOf(runtime, texts);
  if (capped.length === 0) return held;
  await transact(runtime.db, async (tx) => {
    held.clear();
    const { day, endsAt } = networkDay(await readClock(tx));
    for (const one of capped) for (const text of await count(tx, one, day)) held.set(text, endsAt);
  });
  for (const { cap, texts: asked } of capped) {
    const until = asked.map((text) => held.get(text)).find((at) => at !== undefined);
    if (until !== undefined) runtime.use(openCaps).sayUsedUp(cap, until);
  }
  return held;
}

type Capped = { cap: CampaignCap; texts: Claimed[] };

/** In the order in which everybody locks caps. */
async function cappedOf(runtime: Runtime, texts: readonly Claimed[]): Promise<Capped[]> {
  const caps = await runtime.use(openCaps).all();
  if (caps.length === 0 || texts.length === 0) return [];
  const networks = await readNetworks(runtime.db, [...new Set(texts.map(({ personId }) => personId))]);
  const asked = new Map<CampaignCap, Claimed[]>(caps.map((cap) => [cap, []]));
  for (const text of texts) {
    const network = networkNameOf(networks.get(text.personId) ?? '');
    const campaign = await runtime.campaignOf(text.numberId);
    const cap = caps.find((one) => one.campaign === campaign && one.network === network);
    if (cap !== undefined) asked.get(cap)?.push(text);
  }
  return [...asked].flatMap(([cap, some]) => (some.length === 0 ? [] : [{ cap, texts: some }]));
}

/** Returns the texts that do not fit: none that comes behind one of these, so that order is kept. */
async function count(tx: Tx, { cap, texts }: Capped, day: string): Promise<Claimed[]> {
  let room = cap.segmentsADay - (await lockUsed(tx, { ...cap, day }));
  let segments = 0;
  const fits = texts.findIndex((text) => {
    const own = segmentsOf(text);
    if (own > room) return true;
    room -= own;
    segments += own;
    return false;
  });
  const held = fits === -1 ? [] : texts.slice(fits);
  await addUsed(tx, { ...cap, day, segments, held: held.reduce((sum, text) => sum + segmentsOf(text), 0) });
  return held;
}

/** As networks count: an MMS is one. */
export function segmentsOf(text: { text: string; media: readonly string[] }): number {
  const size = sizeOf(text);
  return size === 'mms' ? 1 : size;
}

/** For `runtime.use`: the caps that operators have set, as they were some seconds ago at most. */
export function openCaps({ db, log }: Pick<Runtime, 'db' | 'log'>) {
  const said = new Map<string, number>();
  return {
    all: openKept(() => listCaps(db)).get,
    /** Once a day. */
    sayUsedUp({ campaign, network, segmentsADay }: CampaignCap, until: Date): void {
      const name = `${campaign} ${network}`;
      if (said.get(name) === until.getTime()) return;
      said.set(name, until.getTime());
      log.error(
        { campaign, network, segmentsADay, until },
        'what a campaign may send to a network in a day is used up: texts to it are kept until the day ends',
      );
    },
  };
}
