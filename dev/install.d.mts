import type { Steps } from './progress.mjs';

export function installPackages(root: string, steps: Steps): Promise<void>;
