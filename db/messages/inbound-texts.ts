import { run, type Sql } from '../connect.ts';

export type InboundRow = {
  carrierId: string;
  phone: string;
  hash?: Buffer;
  now: Date;
};

/** Keeps that inbound texts were here. Fails with a duplicate error where one was before. */
export async function insertInbound(sql: Sql, texts: readonly InboundRow[]): Promise<void> {
  await run(sql, 'INSERT INTO inbound_texts (carrier_id, phone, text_hash, received_at) VALUES ?', [
    texts.map((text) => [text.carrierId, text.phone, text.hash ?? null, text.now]),
  ]);
}
