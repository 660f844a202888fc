import { expect } from 'chai';
import fc from 'fast-check';
import { type PaymentUpdate, type TakenBack, takenBack } from '../../../engine/rules/payments.ts';

type Said = [kind: PaymentUpdate['kind'], at: number, amount?: number, subject?: string];

const toUpdate = ([kind, at, amount = 0, subject]: Said): PaymentUpdate => ({
  kind,
  subject: subject ?? null,
  amount,
  atMs: at * 1000,
});

/** Of a charge of 1000. */
const rows: [string, Said[], Partial<TakenBack>][] = [
  ['nothing is heard of it', [], {}],
  ['it is paid', [['paid', 1]], {}],
  ['it is refunded', [['refund_total', 1, 1000]], { refunded: 1000 }],
  ['a part is refunded', [['refund_total', 1, 300]], { refunded: 300 }],
  [
    'two parts are',
    [
      ['refund_total', 1, 300],
      ['refund_total', 2, 700],
    ],
    { refunded: 700 },
  ],
  [
    'two parts are, in one second',
    [
      ['refund_total', 1, 300],
      ['refund_total', 1, 700],
    ],
    { refunded: 700 },
  ],
  [
    'refunds are told one by one',
    [
      ['refund', 1, 300, 'a'],
      ['refund', 2, 400, 'b'],
      ['refund', 3, 400, 'b'],
    ],
    { refunded: 700 },
  ],
  [
    'a refund is told in both ways',
    [
      ['refund', 1, 300, 'a'],
      ['refund_total', 1, 300],
    ],
    { refunded: 300 },
  ],
  [
    'a refund fails',
    [
      ['refund', 1, 300, 'a'],
      ['refund_total', 1, 300],
      ['refund_failed', 9, 300, 'a'],
    ],
    {},
  ],
  [
    'a refund fails that only the total had told of',
    [
      ['refund_total', 1, 800],
      ['refund_failed', 9, 300, 'a'],
    ],
    { refunded: 500 },
  ],
  [
    'a refund fails and is made again',
    [
      ['refund_total', 1, 300],
      ['refund_failed', 2, 300, 'a'],
      ['refund_total', 3, 300],
    ],
    { refunded: 300 },
  ],
  ['more is refunded than there was', [['refund_total', 1, 5000]], { refunded: 1000 }],
  ['it is disputed', [['dispute', 1, 1000, 'd']], { disputed: 1000 }],
  [
    'the dispute is won',
    [
      ['dispute', 1, 1000, 'd'],
      ['dispute_cleared', 2, 1000, 'd'],
    ],
    {},
  ],
  [
    'the dispute is won in the second in which it began',
    [
      ['dispute', 1, 1000, 'd'],
      ['dispute_cleared', 1, 1000, 'd'],
    ],
    {},
  ],
  [
    'the dispute is won, and lost after all',
    [
      ['dispute_cleared', 2, 1000, 'd'],
      ['dispute', 3, 1000, 'd'],
    ],
    { disputed: 1000 },
  ],
  [
    'a part is refunded and the rest disputed',
    [
      ['refund_total', 1, 300],
      ['dispute', 2, 700, 'd'],
    ],
    { refunded: 300, disputed: 700 },
  ],
  ['it fails', [['failed', 5]], { failed: 1000 }],
  [
    'it fails after it was paid',
    [
      ['paid', 5],
      ['failed', 5],
    ],
    { failed: 1000 },
  ],
  [
    'it is paid after it failed',
    [
      ['failed', 4],
      ['paid', 5],
    ],
    {},
  ],
  [
    'it fails, whatever was refunded before',
    [
      ['refund_total', 1, 300],
      ['failed', 5],
    ],
    { failed: 1000 },
  ],
];

describe('what goes back of a charge', () => {
  for (const [when, said, wanted] of rows) {
    it(`when ${when}, in any order, is ${JSON.stringify(wanted)}`, () => {
      const expected = { refunded: 0, disputed: 0, failed: 0, ...wanted };
      const orders = fc.shuffledSubarray(said, { minLength: said.length });
      fc.assert(
        fc.property(orders, (order) => {
          expect(takenBack(1000, order.map(toUpdate))).to.deep.equal(expected);
        }),
        { numRuns: 30 },
      );
    });
  }

  const updates = fc.record({
    kind: fc.constantFrom<PaymentUpdate['kind'][]>(
      ...(['paid', 'failed', 'refund_total', 'refund', 'refund_failed', 'dispute', 'dispute_cleared'] as const),
    ),
    subject: fc.constantFrom('a', 'b'),
    amount: fc.nat(1000),
    atMs: fc.nat(4),
  });

  it('depends on what was told, and not on the order or on repeats', () => {
    const any = fc
      .array(updates, { maxLength: 9 })
      .chain((told) =>
        fc.tuple(fc.constant(told), fc.shuffledSubarray([...told, ...told], { minLength: 2 * told.length })),
      );
    fc.assert(
      fc.property(any, ([told, again]) => {
        expect(takenBack(1000, again)).to.deep.equal(takenBack(1000, told));
      }),
    );
  });
});
