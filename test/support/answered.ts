/**
 * Every error that a call was answered with, in all tests of this run: `URL TOKEN`. OK counts as a token. It hangs on
 * the process, because a test file may be loaded by another module loader than the next.
 */
const shelf = process as typeof process & { answered?: Set<string> };
shelf.answered ??= new Set<string>();
export const answered = shelf.answered;

export function noteAnswer(url: string, body: Record<string, unknown>): void {
  answered.add(`${url} ${body.error_type ?? body.status}`);
}
