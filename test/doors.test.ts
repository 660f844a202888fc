import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

/** The product’s files that hold this. */
function filesLike(pattern: RegExp): string[] {
  return ['api', 'db', 'engine', 'workers'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => pattern.test(readFileSync(path.join(room, name), 'utf8')))
      .map((name) => path.join(room, name)),
  );
}

describe('every wait for a server has an end, because', () => {
  it('one file asks MySQL and one opens its pools', () => {
    expect(filesLike(/acquireConnection\(|connection\.query\(/)).to.deep.equal(['db/connection.ts']);
    expect(filesLike(/from 'mysql2|knexPackage/)).to.deep.equal(['db/pool.ts']);
    expect(filesLike(/\bdb\.(transaction|raw|schema|select|from|insert|table)\b|\bdb\(/)).to.deep.equal([
      // The release line alone waits as long as a migration takes.
      'db/migrate.ts',
    ]);
  });

  it('one file connects to Redis, and says for each use how long it waits', () => {
    const door = 'engine/platform/redis.ts';
    expect(filesLike(/^import (?!type ).* from 'ioredis'|new (Redis|Cluster)\(/m)).to.deep.equal([door]);
    const uses = [...readFileSync(door, 'utf8').matchAll(/^ {2}\w+: \{ .*maxRetriesPerRequest.*\},$/gm)].map(
      ([use]) => use,
    );
    expect(uses).to.have.length(4);
    expect(uses.filter((use) => !/\bsocketTimeout: [\d_]+/.test(use))).to.deep.equal([]);
  });

  it('queues and counters are made of connections that came through it', () => {
    expect(filesLike(/new BullQueue/)).to.deep.equal(['engine/platform/queue-work.ts']);
    expect(filesLike(/createClient: /)).to.deep.equal(['engine/platform/queue-work.ts']);
  });
});
