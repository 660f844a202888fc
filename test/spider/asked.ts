import { type Db, rehearse, rows } from '../../db/connect.ts';
import type { Asked } from '../support/statements.ts';

export type Refused = { text: string; why: string };

/** Asks one statement of each kind, in a transaction that is taken back; returns those that the server does not take. */
export async function askEach(db: Db, asked: readonly Asked[]): Promise<Refused[]> {
  const byShape = new Map(asked.map((one) => [one.text.replace(/(\([?, ]+\)(, )?)+/g, '(…)'), one]));
  const refused: Refused[] = [];
  for (const { text, values } of byShape.values()) {
    if (!/^[\s(]*(SELECT|INSERT|UPDATE|DELETE)\s/.test(text)) continue;
    const why = await rehearse(db, (tx) => rows(tx, text, values)).then(
      () => null,
      (error: Error & { cause?: unknown }) => (error.cause instanceof Error ? error.cause : error).message,
    );
    // Rows that it names are not there: what a plain server would say as well.
    if (why !== null && !/foreign key constraint fails/i.test(why)) refused.push({ text, why });
  }
  return refused;
}
