import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { commands, usageOf } from '../workers/admin/commands.ts';
import { openWorld, type World } from './support/world.ts';

const folder = path.join(import.meta.dirname, '..', 'docs', 'operating');
const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');

type Panel = { id: number; title: string; type: string; targets?: { expr: string }[] };
const dashboard = JSON.parse(read('dashboard.json')) as { panels: Panel[] };
const alerts = read('alerts.yaml')
  .split(/^ {6}- alert: /m)
  .slice(1)
  .map((text) => ({
    name: text.slice(0, text.indexOf('\n')),
    expr: /^ {8}expr: '(.*)'$/m.exec(text)?.[1] ?? '',
    anchor: /runbook: 'docs\/operating\/runbook\.md#([\w-]+)'/.exec(text)?.[1] ?? '',
  }));
const runbook = read('runbook.md');
/** As GitHub makes them. */
const anchors = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
  title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-'),
);

/** Metrics that a query names; those of a histogram by their first name. */
const namesIn = (expr: string) =>
  [...expr.matchAll(/\b(?:texting_\w+|carrier_paused|budget_exhausted)\b/g)].map(([name]) =>
    name.replace(/_(?:bucket|sum|count)$/, ''),
  );

describe('what operators load into their tools', () => {
  let world: World;
  let known: Set<string>;
  before(async () => {
    world = await openWorld({ env: { OPS_PASSWORD: 'an operator in a test' } });
    const authorization = `Basic ${Buffer.from('ops:an operator in a test').toString('base64')}`;
    const text = await (await fetch(`${world.url}/ops/metrics`, { headers: { authorization } })).text();
    known = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name));
  });
  after(() => world.close());

  it('is a dashboard whose every query names metrics that there are', () => {
    const exprs = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
    expect(exprs.length).to.be.greaterThan(20);
    for (const { title, expr } of exprs) {
      expect(namesIn(expr), title).not.to.deep.equal([]);
      expect(
        namesIn(expr).filter((name) => !known.has(name)),
        title,
      ).to.deep.equal([]);
    }
  });

  it('is a dashboard whose panels have an id and a title each, no two the same', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).to.deep.equal([]);
    const titles = dashboard.panels.map(({ title }) => title);
    expect(titles.filter((title, at) => titles.indexOf(title) !== at || title === '')).to.deep.equal([]);
  });

  it('is alerts on metrics that there are, each with its entry in the runbook', () => {
    expect(alerts.length).to.be.greaterThan(15);
    for (const { name, expr, anchor } of alerts) {
      expect(expr, name).not.to.equal('');
      expect(
        namesIn(expr).filter((one) => !known.has(one)),
        name,
      ).to.deep.equal([]);
      expect(anchors, name).to.include(anchor);
    }
  });

  it('shows every metric of the whole system in the dashboard or watches it', () => {
    const used = new Set([
      ...dashboard.panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => namesIn(expr))),
      ...alerts.flatMap(({ expr }) => namesIn(expr)),
    ]);
    const ours = [...known].filter((name) => name.startsWith('texting_') && !/^texting_(?:nodejs|process)_/.test(name));
    expect(ours.filter((name) => !used.has(name))).to.deep.equal([]);
  });

  it('is a runbook whose commands and links there are', () => {
    const words = commands.map((command) => usageOf(command).replace(/ [<[].*/, ''));
    const named = [...runbook.matchAll(/`admin\s+([a-z]+(?:\s+[a-z]+)?)/g)].map(([, said = '']) =>
      said.replace(/\s+/g, ' '),
    );
    expect(named.length).to.be.greaterThan(20);
    expect(named.filter((said) => !words.some((word) => said === word || said.startsWith(`${word} `)))).to.deep.equal(
      [],
    );
    const links = [...runbook.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(links.filter((anchor) => !anchors.includes(anchor))).to.deep.equal([]);
  });
});
