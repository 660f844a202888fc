import type { Steps } from './progress.mjs';

export function build(root: string, steps: Steps): Promise<void>;
