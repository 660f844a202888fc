import { actsPage } from './acts.ts';
import { changePage } from './change.ts';
import { correctionPage } from './correction.ts';
import { findPage } from './find.ts';
import { groupPage } from './group.ts';
import { homePage } from './home.ts';
import { messagePage } from './message.ts';
import { numbersPage } from './numbers.ts';
import type { Page } from './page.ts';
import { personPage } from './person.ts';
import { runningPage } from './running.ts';
import { stopPage } from './stop.ts';

/** Every page of the console by its address; a new one is a row. */
export const pages: Readonly<Record<string, Page>> = {
  '/ops': homePage,
  '/ops/find': findPage,
  '/ops/person': personPage,
  '/ops/correct': correctionPage,
  '/ops/group': groupPage,
  '/ops/message': messagePage,
  '/ops/running': runningPage,
  '/ops/stop': stopPage,
  '/ops/change': changePage,
  '/ops/numbers': numbersPage,
  '/ops/acts': actsPage,
};
