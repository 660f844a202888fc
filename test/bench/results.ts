import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import type { Measured } from './measure.ts';
import { drawSvg, toPng } from './pictures/draw.ts';
import { picturesOf } from './pictures/pictures.ts';

/** What a run leaves: everything that was measured, and on what. */
export type RunResults = { at: string; machine: Machine; results: Measured[] };
export type Machine = { cpus: number; model: string; node: string };

const RESULTS = 'results.json';

/** A folder of its own in `parent` for a run; what is added is on disk at once, so that a stopped run is not lost. */
export function openRun(parent: string): { folder: string; add(measured: Measured): void } {
  const at = new Date().toISOString();
  const folder = path.join(parent, at.replace(/[:.]/g, '-'));
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version };
  const results: Measured[] = [];
  function write(): void {
    const run: RunResults = { at, machine, results };
    writeFileSync(path.join(folder, RESULTS), `${JSON.stringify(run, null, 1)}\n`);
  }
  mkdirSync(folder, { recursive: true });
  write();
  return {
    folder,
    add(measured) {
      results.push(measured);
      write();
    },
  };
}

export function readRun(folder: string): RunResults {
  return JSON.parse(readFileSync(path.join(folder, RESULTS), 'utf8')) as RunResults;
}

export function drawAll(folder: string, results: readonly Measured[]): void {
  for (const picture of picturesOf(results)) {
    const svg = drawSvg(picture);
    writeFileSync(path.join(folder, `${picture.name}.svg`), svg);
    writeFileSync(path.join(folder, `${picture.name}.png`), toPng(svg));
  }
}
