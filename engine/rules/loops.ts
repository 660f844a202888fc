/** A text that was said in a group: the membership that said it, and when, in epoch milliseconds. */
export type Turn = { memberId: number; at: number };

/** Nobody reads a text and types an answer in less, again and again; machines answer at once. */
export const ANSWERED_WITHIN_MS = 5_000;

/**
 * How often this member, who says something now, and another one have answered each other in a row, each within
 * `ANSWERED_WITHIN_MS`; what others say meanwhile does not count. `turns` are the newest first. Null where nobody else said
 * anything.
 */
export function findExchange(
  turns: readonly Turn[],
  { memberId, now }: { memberId: number; now: number },
): { withId: number; answers: number } | null {
  const others = new Set(turns.flatMap((turn) => (turn.memberId === memberId ? [] : [turn.memberId])));
  const exchanges = [...others].map((withId) => {
    const theirs = turns.filter((turn) => turn.memberId === memberId || turn.memberId === withId);
    return { withId, answers: countAnswers(theirs, { memberId, at: now }) };
  });
  return exchanges.length === 0 ? null : exchanges.reduce((a, b) => (b.answers > a.answers ? b : a));
}

function countAnswers(turns: readonly Turn[], newest: Turn): number {
  let later = newest;
  let answers = 0;
  for (const turn of turns) {
    if (turn.memberId === later.memberId || later.at - turn.at > ANSWERED_WITHIN_MS) break;
    answers += 1;
    later = turn;
  }
  return answers;
}
