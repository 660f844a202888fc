import type { Runtime } from './runtime.ts';

/** For how many seconds a group waits for its YES. */
export function stagedFor({ config }: Pick<Runtime, 'config'>): number {
  return config.STAGED_TTL_HOURS * 3600;
}
