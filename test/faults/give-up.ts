/** What a transaction hears of that MySQL gives up: MySQL undoes it, and says so in answer to what was asked. */
export function giveUp(said: Buffer): { ask: Buffer; answer: Buffer } | null {
  // A whole packet: three bytes of length, its number, the command.
  const isWhole = said.length > HEADER && said.readUIntLE(0, 3) + HEADER === said.length;
  if (!isWhole || said[HEADER] !== QUERY || !GIVEN_UP.test(said.toString('latin1', HEADER + 1, HEADER + 20)))
    return null;
  return { ask: packet(0, Buffer.from([QUERY, ...Buffer.from('ROLLBACK')])), answer: packet(1, DEADLOCK) };
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
