/**
 * Who may import whom. A type is a dependency too, so type imports and circles of types count.
 *
 * The rooms stand on floors. A file may import from its own room and from the floors below it.
 */
const floors = [
  ['api', 'workers'],
  ['engine/usecases'],
  ['engine/effects'],
  ['engine/billing', 'engine/groups'],
  ['engine/people'],
  ['engine/delivery'],
  ['engine/carriers', 'engine/payments', 'engine/pushers'],
  ['engine/platform'],
  ['db'],
  ['engine/rules'],
];

/** Opens one of each, so it alone may look up. */
const compositionRoot = '^engine/platform/runtime\\.ts$';

const inAny = (rooms) => `^(${rooms.join('|')})/`;

const floorRules = floors.flatMap((rooms, floor) =>
  rooms.map((room) => ({
    name: `floor-of-${room.replace('/', '-')}`,
    comment: `${room} imports from itself and from the floors below it.`,
    severity: 'error',
    from: { path: inAny([room]), pathNot: compositionRoot },
    to: { path: inAny(['api', 'workers', 'engine', 'db']), pathNot: inAny([room, ...floors.slice(floor + 1).flat()]) },
  })),
);

/** Each package has one place that knows it. */
const packages = {
  bull: '^engine/platform/queue(s|-work)\\.ts$',
  knex: '^db/',
  mysql2: '^db/',
  koa: '^api/',
  '@koa/router': '^api/',
  plivo: '^engine/carriers/',
  pino: '^engine/platform/logger\\.ts$',
  nodemailer: '^engine/billing/mailer\\.ts$',
  jose: '^engine/pushers/',
  stripe: '^engine/payments/',
  'card-validator': '^engine/payments/cards\\.ts$',
  'rate-limiter-flexible': '^engine/people/tries\\.ts$',
  'chrono-node': '^engine/rules/spoken-times\\.ts$',
  'libphonenumber-js': '^engine/rules/phone\\.ts$',
  unhomoglyph: '^engine/rules/look-alikes\\.ts$',
};

const packageRules = Object.entries(packages).map(([name, home]) => ({
  name: `one-home-for-${name.replace('@', '').replace('/', '-')}`,
  severity: 'error',
  from: { path: inAny(['api', 'workers', 'engine', 'db']), pathNot: home },
  to: { path: `(^|/)node_modules/(@types/)?${name}/` },
}));

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...floorRules,
    ...packageRules,
    {
      name: 'production-needs-no-dev',
      severity: 'error',
      from: { path: inAny(['api', 'workers', 'engine', 'db']) },
      to: { path: inAny(['dev', 'test']) },
    },
    {
      name: 'client-needs-nothing',
      comment:
        'The client runs in browsers and in other people’s programs: no part of ours, no package, no part of Node.',
      severity: 'error',
      from: { path: '^client/' },
      to: { pathNot: '^client/' },
    },
    { name: 'nothing-imports-test', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    {
      name: 'rules-need-nothing',
      comment: 'Rules are pure: no package but those that read phone numbers, times and look-alikes, no part of Node.',
      severity: 'error',
      from: { path: '^engine/rules/' },
      to: { pathNot: '^engine/rules/|(^|/)node_modules/(chrono-node|libphonenumber-js|unhomoglyph)/' },
    },
    {
      name: 'carriers-are-sealed',
      comment: 'Only the runtime knows which carriers there are. Everybody else knows the contract.',
      severity: 'error',
      from: { path: inAny(['api', 'workers', 'engine', 'db']), pathNot: '^engine/(carriers/|platform/runtime\\.ts$)' },
      to: { path: '^engine/carriers/', pathNot: '^engine/carriers/carrier\\.ts$' },
    },
    {
      name: 'carriers-know-no-engine',
      severity: 'error',
      from: { path: '^engine/carriers/' },
      to: { path: inAny(['api', 'workers', 'engine', 'db']), pathNot: '^engine/(carriers|rules)/' },
    },
    {
      name: 'no-carrier-knows-another',
      severity: 'error',
      from: { path: '^engine/carriers/([^/]+)/' },
      to: { path: '^engine/carriers/[^/]+/', pathNot: '^engine/carriers/$1/' },
    },
    {
      name: 'simulators-share-no-code',
      comment: 'A simulator stands for the outside world, so it shares nothing with the program that it tests.',
      severity: 'error',
      from: { path: '^dev/(simulator|telnyx-simulator|push-simulator|payment-simulator)/' },
      to: { path: inAny(['api', 'engine', 'workers', 'db']) },
    },
    {
      name: 'set-up-needs-no-package',
      comment: 'The scripts that run before npm ci.',
      severity: 'error',
      from: { path: '^dev/.*\\.mjs$' },
      to: { path: '(^|/)node_modules/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/page/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
