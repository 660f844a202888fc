import { run, type Sql } from '../connect.ts';

export type InboundRow = {
  carrierId: string;
  phone: string;
  number: string;
  hash?: Buffer;
  verdict: string;
  now: Date;
};

/** Keeps that inbound texts were here. Fails with a duplicate error where one was before. */
export async function insertInbound(sql: Sql, texts: readonly InboundRow[]): Promise<void> {
  await run(sql, 'INSERT INTO inbound_texts (carrier_id, phone, number, text_hash, verdict, received_at) VALUES ?', [
    texts.map((text) => [text.carrierId, text.phone, text.number, text.hash ?? null, text.verdict, text.now]),
  ]);
}
