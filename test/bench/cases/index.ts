import type { Case } from '../case.ts';
import { api } from './api.ts';
import { backlog } from './backlog.ts';
import { batches } from './batches.ts';
import { deep } from './deep.ts';
import { fairness } from './fairness.ts';
import { fanOut } from './fan-out.ts';
import { groupSize } from './group-size.ts';
import { lastRecipient } from './last-recipient.ts';
import { listeners } from './listeners.ts';
import { paceAccount, pacedNumbers, paceNumbers } from './pace.ts';
import { reading } from './reading.ts';
import { reported } from './reported.ts';
import { retention } from './retention.ts';
import { scaleSenders, scaleShards } from './scale.ts';
import { turns } from './turns.ts';
import { waiting } from './waiting.ts';
import { webhook } from './webhook.ts';
import { wholePath } from './whole-path.ts';

/** In the order in which they run. */
export const cases: readonly Case[] = [
  wholePath,
  groupSize,
  reported,
  fanOut,
  lastRecipient,
  webhook,
  listeners,
  paceNumbers,
  paceAccount,
  pacedNumbers,
  deep,
  turns,
  batches,
  fairness,
  waiting,
  backlog,
  api,
  reading,
  retention,
  scaleSenders,
  scaleShards,
];
