import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import type { Measured } from './measure.ts';
import { drawSvg, toPng } from './pictures/draw.ts';
import { picturesOf } from './pictures/pictures.ts';

/** What a run leaves: everything that was measured, and on what. */
export type Kept = { at: string; machine: Machine; results: Measured[] };
export type Machine = { cpus: number; model: string; node: string };

const RESULTS = 'results.json';

/** Writes a run and its pictures into a folder of its own in `parent`; answers the folder. */
export function keep(parent: string, results: readonly Measured[]): string {
  const at = new Date().toISOString();
  const folder = path.join(parent, at.replace(/[:.]/g, '-'));
  mkdirSync(folder, { recursive: true });
  const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version };
  writeFileSync(path.join(folder, RESULTS), `${JSON.stringify({ at, machine, results }, null, 1)}\n`);
  drawAll(folder, results);
  return folder;
}

export function readKept(folder: string): Kept {
  return JSON.parse(readFileSync(path.join(folder, RESULTS), 'utf8')) as Kept;
}

export function drawAll(folder: string, results: readonly Measured[]): void {
  for (const picture of picturesOf(results)) {
    const svg = drawSvg(picture);
    writeFileSync(path.join(folder, `${picture.name}.svg`), svg);
    writeFileSync(path.join(folder, `${picture.name}.png`), toPng(svg));
  }
}
