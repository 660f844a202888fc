/** Test files that run one after the other, on servers of their own, while other streams do. */
export type Stream = { name: string; files: readonly string[] };

/**
 * Files and folders of `npm test` that run beside the others, so that all streams take about equally long: `npm test` prints
 * what each took. What tells which answers the API gave stays with the others, because one process counts those.
 */
export const besides: readonly Stream[] = [
  {
    name: 'servers',
    files: [
      'test/db',
      'test/dev/setup.test.ts',
      'test/dev/stack.test.ts',
      'test/engine/platform',
      'test/engine/rules/growth.test.ts',
      'test/faults.test.ts',
      'test/secrets.test.ts',
    ],
  },
  {
    name: 'delivery',
    files: [
      'test/architecture.test.ts',
      'test/bench.test.ts',
      'test/default-budgets.test.ts',
      'test/dev/docs.test.ts',
      'test/dev/simulator.test.ts',
      'test/dialogues.test.ts',
      'test/engine/carriers',
      'test/engine/delivery',
      'test/first-texts.test.ts',
      'test/plivo.test.ts',
      'test/workers',
    ],
  },
];
