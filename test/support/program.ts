import { build } from '../../dev/build.mjs';

/**
 * Compiles the program, where that is not done: its processes start in half the time that the sources take. Before all tests
 * `npm test` does it; for one file, a `before` hook that starts processes. Waits for another test that compiles.
 */
export function compileProgram(): Promise<void> {
  return build(process.cwd(), { begin() {}, end() {}, fail() {}, drop() {}, clear() {} });
}

/** For such a hook: MySQL takes its time as well, to make a schema. */
export const COMPILE_WITHIN_MS = 240_000;
