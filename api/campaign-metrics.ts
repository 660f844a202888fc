import type { Gauge } from 'prom-client';
import { readClock } from '../db/clock.ts';
import type { Sql } from '../db/connect.ts';
import { readCampaignPaces, readCapDays } from '../db/deliveries/campaigns.ts';
import { networkDay } from '../engine/rules/networks.ts';

/** The limits of 10DLC campaigns that operators have set: what is allowed, what is used, what waits. */
export function openCampaignMetrics(gauge: (name: string, help: string, labelNames: string[]) => Gauge) {
  const pace = gauge(
    'campaign_segments_per_second_allowed',
    'The pace of a 10DLC campaign, over all its numbers, where an operator has set one.',
    ['campaign'],
  );
  const labels = ['campaign', 'network'];
  const allowed = gauge('campaign_segments_allowed', 'What a campaign may send to a network in a day.', labels);
  const used = gauge(
    'campaign_segments_used',
    'What it has sent today: the day of networks, which ends at midnight Pacific time.',
    labels,
  );
  const waiting = gauge('campaign_segments_waiting', 'What found no room in that day and waits for the next.', labels);
  const gauges = [pace, allowed, used, waiting];
  return {
    gauges,
    async read(db: Sql): Promise<void> {
      const paces = await readCampaignPaces(db);
      const days = await readCapDays(db, networkDay(await readClock(db)).day);
      for (const one of gauges) one.reset();
      for (const [campaign, segments] of paces) pace.set({ campaign }, segments);
      for (const { campaign, network, segmentsADay, segments, held } of days) {
        allowed.set({ campaign, network }, segmentsADay);
        used.set({ campaign, network }, segments);
        waiting.set({ campaign, network }, held);
      }
    },
  };
}
