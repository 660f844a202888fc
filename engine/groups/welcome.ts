import type { Addressee, SystemMessage } from '../delivery/system-messages.ts';
import { pinTexts } from '../rules/commands/catch-up.ts';
import { joinWhereFits } from '../rules/fit.ts';
import { languageOf, speakIn } from '../rules/languages/index.ts';
import { type Brand, texts } from '../rules/texts.ts';
import type { Group, Member, Roster } from '../rules/types.ts';

/** Returns the texts of an activation: "it is on" to the creator, one welcome to each other member and newcomer. */
export function welcomeAll(brand: Brand, { group, members }: Roster, newcomers: readonly Addressee[]): SystemMessage[] {
  const owner = members.filter((member) => member.owner);
  const others = [...members.filter((member) => !member.owner).map(addressOf), ...newcomers];
  const by = owner.map(callBy).join('');
  const welcome = () => texts.welcome({ brand, group: group.name, by, toOwner: group.replyToOwner });
  return [
    { groupId: group.id, text: () => texts.isOn({ group: group.name }), to: owner.map(addressOf), urgent: true },
    { groupId: group.id, text: welcome, to: others, urgent: false, once: 'welcome' },
  ];
}

/**
 * Returns the one welcome of a newcomer, and what is pinned: in it where both fit, else right after it. `agreed` where they
 * asked for it themselves.
 */
export function welcomeOne(
  brand: Brand,
  { group }: Roster,
  newcomer: { to: Addressee; language: string | null; by: Member | null; agreed: boolean },
): SystemMessage[] {
  return speakIn(languageOf({ own: newcomer.language, group: group.language }), () =>
    writeWelcome(brand, group, newcomer),
  );
}

function writeWelcome(
  brand: Brand,
  group: Group,
  { to, by, agreed }: { to: Addressee; by: Member | null; agreed: boolean },
): SystemMessage[] {
  const text =
    by === null
      ? texts.joined({ brand, group: group.name, toOwner: group.replyToOwner })
      : texts.welcome({ brand, group: group.name, by: callBy(by), toOwner: group.replyToOwner });
  const unasked = by === null && !agreed;
  const one = { groupId: group.id, to: [to], urgent: false, unasked };
  if (group.pinned === null) return [{ ...one, text, once: 'welcome' }];
  const pinned = pinTexts.pinned({ group: group.name, text: group.pinned });
  const both = joinWhereFits(text, pinned);
  if (both !== null) return [{ ...one, text: both, once: 'welcome' }];
  return [
    { ...one, text, once: 'welcome' },
    { ...one, text: pinned, once: 'pinned' },
  ];
}

export function addressOf({ id, personId, numberId }: Member): Addressee {
  return { membershipId: id, personId, numberId };
}

function callBy({ name, phone }: Member): string {
  return name ?? phone;
}
