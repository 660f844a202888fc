/** Why a statement may leave out whose rows it is about, and what a sharded database does with it. */
type Reason = { why: string; places: readonly string[] };

/** The statements of db/ that name no shard key, by file and function. Nothing of a text's way is among them. */
export const unkeyed: readonly Reason[] = [
  {
    why: 'A step of the clock that finds what is due, by an index on its time: each shard is asked, and has its own due rows.',
    places: [
      'db/billing/paid-messages.ts findPaying',
      'db/billing/paid-messages.ts findPayingNow',
      'db/deliveries/batch-expiry.ts findExpiredBatches',
      'db/deliveries/deliveries.ts findExpired',
      'db/deliveries/digests.ts findDigests',
      'db/deliveries/pending-messages.ts findPending',
      'db/groups/busy.ts findCalmed',
      'db/groups/busy.ts findSettled',
      'db/groups/groups.ts findLapsed',
      'db/groups/mutes.ts findMuteEnds',
      'db/groups/newcomer-news.ts findDueNews',
      'db/groups/schedules.ts findDue',
      'db/messages/media-copies.ts findDueCopies',
      'db/messages/messages.ts redactSystemMessages',
      'db/messages/owed.ts findDueGroups',
    ],
  },
  {
    why: 'Puts everything in line again after the queues or a sender were lost: once a loss, on each shard.',
    places: [
      'db/deliveries/batch-expiry.ts requeueBatches',
      'db/deliveries/deliveries.ts requeueWaiting',
      'db/deliveries/senders.ts endSender',
    ],
  },
  {
    why: 'Deletes what is old, some hundred rows at a time: a shard cleans itself.',
    places: [
      'db/groups/invitations.ts purgeInvitations',
      'db/messages/held-texts.ts purgeHeldTexts',
      'db/retention.ts deleteDeliveries',
      'db/retention.ts deleteGroupEvents',
      'db/retention.ts deletePolls',
      'db/retention.ts deleteSchedules',
      'db/retention.ts emptyTexts',
    ],
  },
  {
    why: 'Measures for metrics and alarms: the oldest or the sum over all shards, some times a minute.',
    places: [
      'db/deliveries/latency.ts readLatencies',
      'db/deliveries/pending-messages.ts countPending',
      'db/deliveries/pending-messages.ts findOldestPending',
      'db/deliveries/sendable.ts oldestUnclaimed',
      'db/deliveries/sendable.ts oldestUnwritten',
      'db/deliveries/sendable.ts oldestWaiting',
      'db/deliveries/unknown-sends.ts countUnknown',
      'db/messages/message-counts.ts countAllMessages',
    ],
  },
  {
    why: 'Counts the members of a number, which serves groups of every shard: the clock adds the shards up, operators look.',
    places: [
      'db/groups/number-load.ts readNumberLoads',
      'db/groups/number-load.ts saveNumberLoads',
      'db/groups/number-pool.ts readPool',
      'db/groups/number-settings.ts findNumberSettings',
      'db/groups/number-settings.ts listNumbers',
      'db/groups/number-settings.ts markReleased',
    ],
  },
  {
    why: 'An operator looks at all that is going out or has failed, or adds up the books.',
    places: [
      'db/billing/statements.ts readCarrierCosts',
      'db/deliveries/failed.ts findFailed',
      'db/deliveries/last-failures.ts findLastFailures',
      'db/deliveries/number-stats.ts countTexts',
      'db/deliveries/running.ts findRunning',
    ],
  },
  {
    why: 'After a restore, once: a shard is restored by itself, and looks at itself.',
    places: [
      'db/heartbeat.ts readLastAlive',
      'db/restored.ts endDueNews',
      'db/restored.ts endDueSchedules',
      'db/restored.ts endOwed',
      'db/restored.ts findUnderWay',
      'db/restored.ts readLastKnown',
    ],
  },
  {
    why: 'What is kept of a person who is forgotten in groups that they need not be in, by a walk or look-up that an operator began.',
    places: ['db/groups/forwards.ts dropForwards', 'db/people/erase.ts emptySystemMessages'],
  },
];
