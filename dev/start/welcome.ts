import colours from 'picocolors';

/** What a newcomer reads when everything runs. */
export function sayWelcome({ api, simulator, examples, seconds }: Welcome): string {
  const simulated = simulator !== undefined;
  const rows = [
    ...(simulated ? [['Handsets', `${simulator}/`, 'add handsets, start a demo group, text in it']] : []),
    ['API', api, ''],
    ['Reference', `${api}/docs`, ''],
    ...(examples === undefined
      ? []
      : [['Examples', `${examples}/`, 'an inbox in one HTML file, and a bot that answers by webhook']]),
  ];
  const width = Math.max(...rows.map(([, address = '']) => address.length));
  return [
    '',
    colours.bold(`Group texting runs (${seconds.toFixed(1)} s).`),
    '',
    ...rows.map(([what = '', address = '', about = '']) =>
      `  ${what.padEnd(12)}${address.padEnd(width + 3)}${about}`.trimEnd(),
    ),
    '',
    ...(simulated ? ['In a second terminal: npm run demo -- --members 100 --messages 50'] : []),
    'Ctrl-C stops it; what was said stays in .data/.',
    '',
    '',
  ].join('\n');
}

/** Addresses; the examples and the simulator where they run. */
type Welcome = { api: string; simulator: string | undefined; examples: string | undefined; seconds: number };
