import { makesTables } from './schema.ts';

/** What was paid for a message is found by it, to be held against what its deliveries say. */
export default makesTables({ ledger: ['KEY ledger_message (message_id)'] });
