import { expect } from 'chai';

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

/** The body of an answer that came by fetch, as `explained` has it. */
export async function explainedIn(answer: Response): Promise<Record<string, unknown>> {
  return explained((await answer.json()) as Record<string, unknown>);
}

/** The body of an answer; an error without its sentence and its link into the reference, which each must have. */
export function explained(body: Record<string, unknown>): Record<string, unknown> {
  if (body.status !== 'ERROR') return body;
  const { message, link, ...error } = body;
  expect(message)
    .to.be.a('string')
    .that.matches(/^[A-Z].*\.$/);
  expect(link).to.match(new RegExp(`^https?://[^/]+/docs/errors#${body.error_type}$`));
  return error;
}
