import type { Fixture } from '../fixture.ts';
import type { Random } from '../random.ts';
import type { FeatureGroup } from './group.ts';
import type { Heard } from './heard.ts';

/** Something that members do with each other beside the load, round by round, while a fault strikes. */
export type Feature = {
  /** How long it rests after a round, so that it stays gentle. */
  restMs: readonly [number, number];
  /** Throws where something is not done for longer than any fault lasts. */
  round(): Promise<void>;
  /** Whether no text of it is under way that neither a delivery nor a pending message shows yet. */
  isQuiet(): Promise<boolean>;
  /** Sentences on what was not kept. To be called when everything is quiet. */
  judge(heard: Heard): Promise<string[]>;
};

export type FeatureStage = { fixture: Fixture; group: FeatureGroup; random: Random };
/** Opens it for one fault. */
export type OpenFeature = (stage: FeatureStage) => Promise<Feature>;
