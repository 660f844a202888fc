import { STATEMENTS } from '../../db/connection.ts';

/** The statements that go to MySQL meanwhile. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  const note = (statement: unknown) => asked.push(String(statement));
  STATEMENTS.subscribe(note);
  await work();
  STATEMENTS.unsubscribe(note);
  return asked;
}
