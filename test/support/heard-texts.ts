import type { Text } from '../../dev/simulator/log.ts';
import type { Heard } from '../faults/features/heard.ts';

let seq = 0;

/** A text that the carrier took, of a message of its own unless it says which message and try brought it. */
export function textTo(to: string, text: string, { at = 0, delivery = [++seq, 1] }: Brought = {}): Text {
  const [message, attempt] = delivery;
  const url = `http://localhost/plivo/status?d=${message}-${to.slice(-1)}-0-${attempt}`;
  return { seq: ++seq, uuid: `${seq}`, from: '+12025550152', to, text, url, media: [], at };
}
export type Brought = { at?: number; delivery?: [message: number, attempt: number] };

/** These texts, no report on any, and times that MySQL has forgotten; `settled`: it was restored as the guide says. */
export function heardOf(
  texts: readonly Text[],
  { doubtful = [], settled = false }: { doubtful?: readonly [number, number][]; settled?: boolean } = {},
): Heard {
  const isDoubtful = (from: number, until: number) => doubtful.some(([begin, end]) => from < end && until > begin);
  const reports = { takenAt: () => undefined, stop: () => {} };
  return { texts, reports, isDoubtful, mayComeAgain: (...time) => !settled && isDoubtful(...time) };
}
