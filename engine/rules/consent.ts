/** Who is asked before they become a member: nobody, who joins by a call that is not of their own phone, everybody. */
export const consentModes = ['open', 'join', 'ask'] as const;

/** Is somebody who is named asked first? `agreed`: they said so themselves, by a text or a session of their phone. */
export function asksFirst(mode: string, { joins, agreed }: { joins: boolean; agreed: boolean }): boolean {
  return !agreed && (mode === 'ask' || (mode === 'join' && joins));
}
