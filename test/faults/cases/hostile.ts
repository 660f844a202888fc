import { attacks } from '../../hostile/attacks/index.ts';
import { openTarget } from '../../hostile/target.ts';
import type { Fault } from '../fault.ts';

/** What strangers try, while everybody else goes on texting. */
export const hostileFaults: readonly Fault[] = attacks.map(({ name, does, run, counts }) => ({
  name: `hostile-${name}`,
  does: `strangers try ${does}`,
  times: 1,
  async strike({ api, authToken, db, serviceNumber, pool, simulator, guests, features }, random, _, note) {
    const target = await openTarget({ url: api, authToken, db, serviceNumber, pool, textsTo: simulator.textsTo });
    let broken: readonly string[] = [];
    const attack = async () => {
      broken = await run(target, { random, runs: 'many', note });
    };
    // It counts what there is: nobody else may come or go, nor hold a text back.
    await (counts === true ? guests.hold(() => features.hold(attack)) : attack());
    if (broken.length > 0) throw new Error(broken.slice(0, 20).join('\n    '));
  },
}));
