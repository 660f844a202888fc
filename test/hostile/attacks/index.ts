import type { Attack } from '../attack.ts';
import { forged } from './forged.ts';
import { pins, sids, timing } from './guessing.ts';
import { injection } from './injection.ts';
import { malformed } from './malformed.ts';
import { slow } from './slow.ts';
import { nested, pumping } from './strangers.ts';
import { trespass } from './trespass.ts';

/** Everything that strangers try: a new attack is a new row. */
export const attacks: readonly Attack[] = [
  forged,
  malformed,
  pins,
  sids,
  trespass,
  nested,
  pumping,
  injection,
  slow,
  timing,
];
