import path from 'node:path';
import Mocha from 'mocha';
import colours from 'picocolors';
import { showSteps } from '../progress.mjs';

/** What `npm test` hears from the test process, after each test and at the end. */
export type Tally = {
  passed: number;
  failed: number;
  over: boolean;
  /** Told at the end: milliseconds of each file, by its path from the root, its hooks included. */
  files: Record<string, number>;
};

const { Base } = Mocha.reporters;
const { constants: events } = Mocha.Runner;

/** One line a suite, the failures in full at the end, and the tally to the process that started us. */
export default class Reporter extends Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const steps = showSteps(process.stdout);
    const tally: Tally = { passed: 0, failed: 0, over: false, files: {} };
    let suite = { title: '', began: 0, passed: 0, failed: 0 };

    runner.on(events.EVENT_SUITE_BEGIN, ({ root, parent, title }) => {
      if (root || !parent?.root) return;
      suite = { title, began: Date.now(), passed: 0, failed: 0 };
      steps.begin(title);
    });
    runner.on(events.EVENT_SUITE_END, ({ root, parent, file = '' }) => {
      if (root || !parent?.root) return;
      const name = path.relative(process.cwd(), file);
      tally.files[name] = (tally.files[name] ?? 0) + Date.now() - suite.began;
      steps.drop();
      process.stdout.write(`${summary(suite)}\n`);
    });
    runner.on(events.EVENT_TEST_PASS, () => {
      suite.passed += 1;
      tally.passed += 1;
      process.send?.({ ...tally, files: {} });
    });
    runner.on(events.EVENT_TEST_FAIL, (test, error: Error) => {
      steps.clear();
      process.stdout.write(`${colours.red('✗')} ${test.fullTitle()}: ${error.message.split('\n')[0]}\n`);
      suite.failed += 1;
      tally.failed += 1;
      process.send?.({ ...tally, files: {} });
    });
    runner.on(events.EVENT_RUN_END, () => {
      steps.drop();
      this.epilogue();
      process.send?.({ ...tally, over: true });
    });
  }
}

function summary({ title, began, passed, failed }: { title: string; began: number; passed: number; failed: number }) {
  const mark = failed === 0 ? colours.green('✓') : colours.red('✗');
  const count = failed === 0 ? `${passed}` : `${passed} of ${passed + failed}`;
  return `${mark} ${title} ${colours.dim(`(${count}, ${((Date.now() - began) / 1000).toFixed(1)} s)`)}`;
}
