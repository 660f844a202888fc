type Said = { kind: string; about: string; phone: string; number: string | null; at: Date };
type Sent = { phone: string; from: string; sentAt: Date | null; ignoreOptOut: number };

/**
 * The texts that went to a phone after its STOP, to all of ours or to the number that the text is from, and before its next START; the one text that confirms a STOP is allowed. What
 * was with the carrier when the STOP came may be among them.
 */
export function sentAfterStop<T extends Sent>(consents: readonly Said[], sent: readonly T[]): T[] {
  return sent.filter(({ phone, from, sentAt, ignoreOptOut }) => {
    if (sentAt === null || ignoreOptOut === 1) return false;
    const said = consents.filter(
      (one) => one.phone === phone && one.about === 'texts' && one.at.getTime() < sentAt.getTime(),
    );
    return [null, from].some(
      (number) => said.findLast((one) => one.number === number && ENDS.has(one.kind))?.kind === 'stop',
    );
  });
}

const ENDS: ReadonlySet<string> = new Set(['stop', 'start']);
