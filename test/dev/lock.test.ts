import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { after, describe, it } from 'mocha';
import { identify, isAlive, takeLock, waitForLock } from '../../dev/lock.mjs';

const place = mkdtempSync(path.join(tmpdir(), 'lock-test-'));

describe('a lock on this machine', () => {
  after(() => rmSync(place, { recursive: true, force: true }));

  it('is had by one at a time, and free again when it is released', () => {
    const file = path.join(place, 'one');
    const first = takeLock(file);
    expect(takeLock(file).holder).to.equal(process.pid);
    first.release?.();
    expect(existsSync(file)).to.equal(false);
    expect(takeLock(file).holder).to.equal(undefined);
  });

  it('is taken over from a process that has died, from one whose id was given away again, and from nobody', async () => {
    const child = spawn('sleep', ['60']);
    const holder = identify(child.pid ?? 0);
    expect(isAlive(holder)).to.equal(true);
    const file = path.join(place, 'dead');
    writeFileSync(file, JSON.stringify(holder));
    expect(takeLock(file).holder).to.equal(child.pid);
    child.kill();
    await once(child, 'exit');
    for (const left of [JSON.stringify(holder), JSON.stringify({ pid: process.pid, birth: 'long ago' }), '', '{"pi']) {
      writeFileSync(file, left);
      const lock = takeLock(file);
      expect(lock.holder, left).to.equal(undefined);
      lock.release?.();
    }
  });

  it('is handed to those who wait, one after the other, and each hears once who has it', async () => {
    const file = path.join(place, 'queue');
    const heard: number[] = [];
    let inside = 0;
    let most = 0;
    const visit = async () => {
      const release = await waitForLock(file, (holder) => heard.push(holder));
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
      release();
    };
    await Promise.all([visit(), visit(), visit()]);
    expect(most).to.equal(1);
    expect(heard).to.deep.equal([process.pid, process.pid]);
  });
});
