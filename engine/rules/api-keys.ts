/** What a key may do: `send` reads too. */
export const keyAccesses = ['read', 'send'] as const;
export type KeyAccess = (typeof keyAccesses)[number];

/** A key, and how far it reaches: the groups that its person owns, or one of them. */
export type KeyScope = { id: number; access: KeyAccess; onlyGroupId: number | null };

/** Whether a key with this access may make a call that needs that. */
export function covers(access: KeyAccess, needed: KeyAccess): boolean {
  return keyAccesses.indexOf(access) >= keyAccesses.indexOf(needed);
}
