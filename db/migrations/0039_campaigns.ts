import { makesTables, token } from './schema.ts';

const campaign = `campaign ${token(64)} NOT NULL`;
const network = `network ${token(12)} NOT NULL COMMENT 'a name of engine/rules/networks.ts, or mobile country and network code'`;

export default makesTables({
  people: [`network ${token(6)} NULL COMMENT 'mobile country and network code, from the last report that said one'`],
  campaigns: [
    `name ${token(64)} NOT NULL COMMENT 'of 10DLC, at which the carrier has it registered'`,
    "segments_a_second DECIMAL(8, 3) NULL COMMENT 'of all its numbers together; null: no limit'",
    'PRIMARY KEY (name)',
  ],
  campaign_caps: [campaign, network, 'segments_a_day INT UNSIGNED NOT NULL', 'PRIMARY KEY (campaign, network)'],
  // What went to a network on a day of that network, counted when a text is sent; a report that names another moves it.
  campaign_days: [
    campaign,
    network,
    "day DATE NOT NULL COMMENT 'where the network counts it'",
    'segments INT UNSIGNED NOT NULL DEFAULT 0',
    "held INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'segments that found no room, and wait for the next day'",
    'PRIMARY KEY (campaign, network, day)',
  ],
});
