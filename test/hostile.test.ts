import { expect } from 'chai';
import { openRandom } from './faults/random.ts';
import { attacks } from './hostile/attacks/index.ts';
import { openTarget, type Target } from './hostile/target.ts';
import { openWorld, type World } from './support/world.ts';

/** The short form of `npm run test:faults -- --only 'hostile-*'`, which does the same under load and more often. */
describe('strangers get nowhere', () => {
  const seed = Number(process.env.HOSTILE_SEED ?? Math.floor(Math.random() * 2 ** 31));
  let world: World;
  let target: Target;
  before(async () => {
    world = await openWorld();
    const { url, pool, serviceNumber, runtime, simulator } = world;
    const authToken = runtime.config.PLIVO_AUTH_TOKEN;
    target = await openTarget({ url, authToken, db: runtime.db, pool, serviceNumber, textsTo: simulator.textsTo });
  });
  after(() => world.close());

  for (const { name, does, run } of attacks) {
    it(`with ${does} (${name}, HOSTILE_SEED=${seed})`, async () => {
      expect(await run(target, { random: openRandom(seed), runs: 'few', note: () => undefined })).to.deep.equal([]);
    });
  }
});
