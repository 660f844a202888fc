import type { Text } from '../../dev/simulator/log.ts';
import type { Copies } from './copies.ts';
import type { Fixture } from './fixture.ts';
import type { Said } from './load.ts';

/** From the claim, which looks at blocks and memberships, to the carrier. */
const ON_ITS_WAY_MS = 3_000;

/**
 * Sentences on texts that reached a phone which had no part in them: of nobody in the group, of who said it, or of a
 * guest who was no member when it was accepted, or was out when it was sent.
 */
export function findStrayed(fixture: Fixture, said: readonly Said[], copies: Copies): string[] {
  const texts = new Map(said.map((one) => [one.id, one]));
  const strayed: string[] = [];
  for (const { id, phone, texts: some } of copies.all()) {
    const one = texts.get(id);
    if (one === undefined || one.to.includes(phone)) continue;
    for (const copy of some) {
      const why = whyStrayed(fixture, one, copy);
      if (why !== null) strayed.push(`to the wrong phone: text ${id} by ${copy.url} reached ${phone}, ${why}`);
    }
  }
  return strayed;
}

function whyStrayed({ guests }: Fixture, { groupId, saidAt, acceptedAt }: Said, { to, at }: Text): string | null {
  if (guests.wasOut(to, groupId, at - ON_ITS_WAY_MS, at)) return 'who was out when it was sent';
  if (guests.wasNoMember(to, groupId, saidAt, acceptedAt ?? at)) return 'who was no member when it was accepted';
  return null;
}
