import type { Case } from '../case.ts';
import { groupSize } from './group-size.ts';
import { reading } from './reading.ts';
import { reported } from './reported.ts';
import { wholePath } from './whole-path.ts';

/** In the order in which they run. */
export const cases: readonly Case[] = [wholePath, groupSize, reported, reading];
