/** What a transaction hears of that MySQL gives up: MySQL undoes it, and says so in answer to what was asked. */
export function giveUp(said: Buffer): { ask: Buffer; answer: Buffer } | null {
  // A whole packet: three bytes of length, its number, the command.
  const isWhole = said.length > HEADER && said.readUIntLE(0, 3) + HEADER === said.length;
  if (!isWhole || said[HEADER] !== QUERY) return null;
  // A server that knows attributes of queries hears first how many there are: none, in one set.
  const start = said[HEADER + 1] === 0 ? HEADER + 3 : HEADER + 1;
  if (!GIVEN_UP.test(said.toString('latin1', start, start + 20))) return null;
  const ask = Buffer.concat([said.subarray(HEADER, start), Buffer.from('ROLLBACK')]);
  return { ask: packet(0, ask), answer: packet(1, DEADLOCK) };
}

/** Reading without a lock takes part in no deadlock, but a SELECT may well lock. */
const GIVEN_UP = /^\s*(INSERT|UPDATE|DELETE|COMMIT)/i;
const HEADER = 4;
const QUERY = 3;
const DEADLOCK_ERRNO = 1213;

const DEADLOCK = Buffer.concat([
  Buffer.from([0xff, DEADLOCK_ERRNO & 0xff, DEADLOCK_ERRNO >> 8]),
  Buffer.from('#40001Deadlock found when trying to get lock; try restarting transaction'),
]);

function packet(number: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUIntLE(body.length, 0, 3);
  header[3] = number;
  return Buffer.concat([header, body]);
}
