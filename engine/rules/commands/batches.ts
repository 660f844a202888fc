import { readSwitch } from '../languages/arguments.ts';
import { wording } from '../wording.ts';
import { answer, type Call, type CommandRows, explain } from './command.ts';

/** One text for several: what each member wants, and what the group does while it is busy. */
export const batches = {
  batch: {
    also: ['bundle', 'roundup', 'fewer'],
    usage: '*batch',
    does: 'one text for several; *live each at once',
    permission: 'changeSelf',
    run(call) {
      return choose(call, 'batch') ?? explain(call.how);
    },
  },
  live: {
    also: ['instant', 'nobatch', 'direct'],
    usage: '*live',
    does: 'sends you each text at once',
    isAnswer: true,
    permission: 'changeSelf',
    run(call) {
      return choose(call, 'live') ?? explain(call.how);
    },
  },
  batches: {
    also: ['brake', 'busy'],
    usage: '*batches on/off',
    does: 'one text for several while busy',
    permission: 'changeGroup',
    run({ membership: { roster }, rest, how }) {
      const { name: group, batches: isOn } = roster.group;
      if (rest === '') return answer((isOn ? batchesTexts.batchesOn : batchesTexts.batchesOff)({ group }));
      const wanted = readSwitch(rest);
      if (wanted === null) return explain(how);
      return [
        { kind: 'setGroup', patch: { batches: wanted } },
        ...answer((wanted ? batchesTexts.batchesOn : batchesTexts.batchesOff)({ group })),
      ];
    },
  },
} satisfies CommandRows;

/** Null where it cannot be read. */
function choose({ membership: { roster, member }, rest }: Call, choice: 'batch' | 'live') {
  const isOn = rest.replace(/[.!]$/u, '') === '' ? true : readSwitch(rest);
  if (isOn === null) return null;
  const { name: group } = roster.group;
  const batch = isOn ? choice : null;
  const say = batch === null ? batchesTexts.asTheGroup : choice === 'batch' ? batchesTexts.batched : batchesTexts.live;
  return [{ kind: 'setMember' as const, membershipId: member.id, patch: { batch } }, ...answer(say({ group }))];
}

/** What these commands say. */
export const batchesTexts = wording({
  batched: ({ group }: { group: string }) =>
    `You'll get one text for several from "${group}", every 3 minutes at most. *live brings each at once, *batch off does as the group does.`,
  live: ({ group }: { group: string }) =>
    `You'll get each text from "${group}" at once. *batch sends you one for several.`,
  asTheGroup: ({ group }: { group: string }) =>
    `You'll get texts from "${group}" as most do. *batch sends you one for several, *live each at once.`,
  batchesOn: ({ group }: { group: string }) =>
    `When "${group}" is busy (20 texts in 5 minutes), those who only read get one text for several, and those who talk get each at once. *batches off stops that.`,
  batchesOff: ({ group }: { group: string }) =>
    `Everyone in "${group}" gets each text at once. *batches on sends those who only read one text for several while it's busy.`,
});
