import { releaseNumber } from '../../engine/groups/operator-numbers.ts';
import { atCarriers, orWhyNot } from './at-carriers.ts';
import { type Call, type Command, NotPossible, numberOf } from './command.ts';

export const numberRelease: Command = {
  words: ['number', 'release'],
  takes: ['<number>'],
  changes: true,
  async asks(call) {
    const { phone, carrier } = await wantedOf(call);
    return `Give ${phone} back to ${carrier}, for good? Somebody else may have it then.`;
  },
  does: 'gives a retired number that serves nobody back to its carrier: nothing is paid for it any more. What went through it stays; leave it out of NUMBER_POOL',
  examples: ['number release +12015550123 --reason "flagged as spam" --yes'],
  run: (call) =>
    atCarriers(call, async (at) => {
      const number = await wantedOf(call);
      const { phone, carrier } = number;
      if (call.isRehearsal) return { text: `${phone} would be given back to ${carrier}.`, json: { phone, carrier } };
      const why = await orWhyNot(() => releaseNumber(call.db, at, number));
      if (why !== null) throw new NotPossible(`${phone}: ${why}.`);
      return { text: `${phone} is given back to ${carrier}.`, json: { phone, carrier } };
    }),
};

async function wantedOf(call: Call) {
  const number = await numberOf(call, call.args[0] ?? '');
  const { phone, kind, members, retired } = number;
  if (kind === 'service') throw new NotPossible(`${phone} is the service number.`);
  if (members > 0)
    throw new NotPossible(
      `${phone} serves ${members} memberships. number retire ${phone} gives it to no new member; those there keep it until they or their groups are gone.`,
    );
  if (kind === 'pool' && retired === 0) throw new NotPossible(`${phone} is handed out: number retire ${phone} first.`);
  return number;
}
