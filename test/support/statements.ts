import type { Binding } from '../../db/connect.ts';
import { STATEMENTS } from '../../db/connection.ts';

export type Asked = { text: string; values: readonly Binding[] };

/** The statements that go to MySQL meanwhile. */
export async function statementsDuring(work: () => Promise<unknown>): Promise<Asked[]> {
  const asked: Asked[] = [];
  const note = (statement: unknown) => asked.push(statement as Asked);
  STATEMENTS.subscribe(note);
  await work();
  STATEMENTS.unsubscribe(note);
  return asked;
}

/** Their texts alone. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  return (await statementsDuring(work)).map(({ text }) => text);
}
