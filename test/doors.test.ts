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
    expect(filesLike(/from 'mysql2|knexPackage/)).to.deep.equal(['db/connect.ts']);
    expect(filesLike(/\b(db|runtime\.db)\.(transaction|raw)\(/)).to.deep.equal([]);
  });

  it('one file connects to Redis, and says for each use how long it waits', () => {
    expect(filesLike(/from 'ioredis'|new (Redis|Cluster)\(/)).to.deep.equal(['engine/platform/redis.ts']);
  });
});
