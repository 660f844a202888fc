import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The browser that `npm run test:pages` found. */
export function openBrowser(): Promise<Browser> {
  const { CHROMIUM } = process.env;
  if (!CHROMIUM) throw new Error('These tests need a browser: npm run test:pages');
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}

/** What axe-core finds wrong on a page, a line for each element. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: axe });
  const found = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResults;
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1280, 400].map((width) => ({ colorScheme, viewport: { width, height: 800 } })),
);
