import type { FeatureGroups } from './group.ts';

/** What members use beside texting, in groups of their own. */
export type Features = {
  groups: FeatureGroups;
  /** Does it unless all are held. */
  whileFree(round: () => Promise<void>): Promise<void>;
  /** Meanwhile none of them does anything. */
  hold(work: () => Promise<void>): Promise<void>;
};

export function openFeatures(groups: FeatureGroups): Features {
  let held = false;
  const underWay = new Set<Promise<void>>();
  return {
    groups,
    async whileFree(round) {
      if (held) return;
      const one = round().finally(() => underWay.delete(one));
      underWay.add(one);
      await one;
    },
    async hold(work) {
      held = true;
      await Promise.all(underWay);
      await work().finally(() => {
        held = false;
      });
    },
  };
}
