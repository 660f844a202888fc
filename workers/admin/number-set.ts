import { setNumber } from '../../db/groups/number-settings.ts';
import { type NumberClass, numberClasses } from '../../engine/rules/number-class.ts';
import { type Call, type Command, Misuse, numberOf } from './command.ts';

export const numberSet: Command = {
  words: ['number', 'set'],
  takes: ['<number>'],
  options: {
    '--class <class>': 'long, tollfree or short',
    '--campaign <id>': 'at which its carrier has it registered; "" for none',
  },
  changes: true,
  does: 'says what a number of ours is to its carrier: its class, which decides its pace and whether a STOP blocks that number alone, and the 10DLC campaign that it is registered for (--campaign "" for none)',
  examples: ['number set +18335550100 --class tollfree', 'number set +12015550123 --campaign CABC123'],
  async run(call) {
    const wanted = readWanted(call.options);
    const number = await numberOf(call, call.args[0] ?? '');
    const set = { phone: number.phone, class: number.class, campaign: number.campaign, ...wanted };
    await setNumber(call.db, set);
    const text = `${set.phone} is of class ${set.class}, ${set.campaign === null ? 'in no campaign' : `in campaign ${set.campaign}`}.`;
    return { text, json: set };
  },
};

function readWanted({ class: wantedClass, campaign }: Call['options']): {
  class?: NumberClass;
  campaign?: string | null;
} {
  if (wantedClass === undefined && campaign === undefined) throw new Misuse('A class or a campaign is needed.');
  const known = numberClasses.find((one) => one === wantedClass);
  if (wantedClass !== undefined && known === undefined) throw new Misuse(`"${wantedClass}" is no class.`);
  if (campaign !== undefined && !/^[\x21-\x7e]{0,64}$/.test(campaign))
    throw new Misuse(`"${campaign}" is no campaign.`);
  return {
    ...(known === undefined ? {} : { class: known }),
    ...(campaign === undefined ? {} : { campaign: campaign === '' ? null : campaign }),
  };
}
