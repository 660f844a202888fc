import { readClock } from '../../db/clock.ts';
import { listCampaigns, readCapDays, setCampaignPace, setCap } from '../../db/deliveries/campaigns.ts';
import { listNumbers } from '../../db/groups/number-settings.ts';
import { networkDay, networkNames, readNetwork } from '../../engine/rules/networks.ts';
import { type Call, type Command, Misuse } from './command.ts';
import { tableOf } from './table.ts';

const NONE = 'none';

export const campaignSet: Command = {
  words: ['campaign', 'set'],
  takes: ['<id>'],
  options: {
    '--pace <segments>': `a second, over all its numbers; "${NONE}" for no pace`,
    '--network <network>': `${networkNames.join(', ')}, or a mobile country and network code`,
    '--cap <segments>': `a day to that network; "${NONE}" for no cap`,
  },
  changes: true,
  does: 'sets what a 10DLC campaign may send, as its carrier says: a pace over all its numbers (--pace), and a daily cap of segments to a network (--network with --cap), whose day ends at midnight Pacific time. What finds no room is kept until then. Within ten seconds; numbers belong to it by number set --campaign',
  examples: [
    'campaign set CABC123 --pace 75',
    'campaign set CABC123 --network tmobile --cap 2000',
    `campaign set CABC123 --network tmobile --cap ${NONE}`,
  ],
  async run(call) {
    const name = call.args[0] ?? '';
    if (!/^[\x21-\x7e]{1,64}$/.test(name)) throw new Misuse(`"${name}" is no campaign.`);
    const { pace, cap } = readWanted(call.options);
    if (pace !== undefined) await setCampaignPace(call.db, { name, segmentsASecond: pace });
    if (cap !== undefined) await setCap(call.db, { campaign: name, ...cap });
    return show(call, name);
  },
};

export const campaignList: Command = {
  words: ['campaign', 'list'],
  takes: [],
  does: 'lists the limits of 10DLC campaigns: the pace, and for each network with a daily cap what it allows, what went today, and what waits for the next day',
  examples: ['campaign list', 'campaign list --json'],
  run: (call) => show(call),
};

async function show({ db }: Call, only?: string) {
  const { day, endsAt } = networkDay(await readClock(db));
  const paces = new Map((await listCampaigns(db)).map((one) => [one.name, one.segmentsASecond]));
  const days = await readCapDays(db, day);
  const numbers = await listNumbers(db);
  const names = new Set([
    ...paces.keys(),
    ...days.map(({ campaign }) => campaign),
    ...numbers.flatMap(({ campaign }) => campaign ?? []),
  ]);
  const campaigns = [...names]
    .filter((name) => only === undefined || name === only)
    .sort()
    .map((name) => ({
      name,
      numbers: numbers.filter(({ campaign }) => campaign === name).length,
      segmentsASecond: paces.get(name) ?? null,
      caps: days
        .filter(({ campaign }) => campaign === name)
        .map(({ network, segmentsADay, segments, held }) => ({ network, segmentsADay, used: segments, waiting: held })),
    }));
  const cells = campaigns.flatMap(({ name, numbers: count, segmentsASecond, caps }) => {
    const first = [name, String(count), segmentsASecond === null ? NONE : String(segmentsASecond)];
    if (caps.length === 0) return [[...first, '', '', '', '']];
    return caps.map(({ network, segmentsADay, used, waiting }) => [
      ...first,
      ...[network, String(segmentsADay), String(used), String(waiting)],
    ]);
  });
  if (cells.length === 0) return { text: 'No number is in a campaign, and none has a limit.', json: { campaigns } };
  const heads = ['campaign', 'numbers', 'pace', 'network', 'a day', 'used today', 'waiting'];
  return {
    text: `${tableOf(heads, cells, { numbers: 3 })}\nThe day of networks ends at ${endsAt.toISOString()}.`,
    json: { campaigns, day, endsAt },
  };
}

function readWanted({ pace, network, cap }: Call['options']) {
  if ((network === undefined) !== (cap === undefined)) throw new Misuse('--network and --cap go together.');
  if (pace === undefined && cap === undefined) throw new Misuse('A pace, or a network and its daily cap, is needed.');
  const known = network === undefined ? undefined : readNetwork(network);
  if (known === null) throw new Misuse(`"${network}" is no network: ${networkNames.join(', ')}, or its code.`);
  return {
    ...(pace !== undefined && { pace: readLimit('pace', pace, /^(?:\d{1,4}\.\d{1,3}|\d{1,4})$/) }),
    ...(known !== undefined && { cap: { network: known, segmentsADay: readLimit('cap', cap ?? '', /^\d{1,9}$/) } }),
  };
}

/** Null for none. */
function readLimit(what: string, said: string, shape: RegExp): number | null {
  if (said === NONE) return null;
  if (!shape.test(said)) throw new Misuse(`"${said}" is no ${what}.`);
  const value = Number(said);
  if (value === 0) throw new Misuse(`A ${what} of 0 would send nothing: sending pause --campaign holds it.`);
  return value;
}
