/** Who knows whom: a sample of people, placed so that those who know each other are near. */

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from 'd3-force';
import { h, s, still } from './dom';
import { failed, scenarioOf, strategyKey, tooMany, waiting, type Page } from './page';
import type { Network } from './protocol';

const PEOPLE = 140;

interface Node extends SimulationNodeDatum {
  id: number;
  strategy: number;
  calls: number;
  radius: number;
}

export function network(page: Page): HTMLElement {
  const element = h('div', { class: 'card stagecard' }, waiting());
  const many = tooMany(page);
  if (many) {
    element.replaceChildren(many);
    return element;
  }
  page.pool.stop('network');
  const { rounds } = page.outline;
  void page.pool.compute<Network>('network', { ask: 'network', ...scenarioOf(page), rounds, people: PEOPLE }).then(
    (answer) => { draw(page, element, answer); },
    failed(element),
  );
  return element;
}

function draw(page: Page, element: HTMLElement, { people, ties, round }: Network): void {
  const narrow = matchMedia('(max-width: 860px)').matches;
  const size = narrow ? { x: 400, y: 440 } : { x: 820, y: 560 };
  const most = Math.max(1, ...people.map((one) => one.calls));
  const nodes: Node[] = people.map((one) => ({ ...one, radius: 3.5 + 9 * Math.sqrt(one.calls / most) }));
  // Distrust is no bond.
  const links = ties.filter((tie) => tie[2] > 0).map(([source, target, trust]) => ({ source, target, trust }));
  const edges = links.map((link) => s('line', { stroke: 'var(--muted)', 'stroke-opacity': 0.12 + 0.5 * link.trust, 'stroke-width': 0.9 }));
  const { strategies } = page.outline;
  const dots = nodes.map((node) => {
    const strategy = strategies[node.strategy];
    return s('circle', { r: node.radius, fill: strategy?.colour ?? '#888888', stroke: 'var(--card)', 'stroke-width': 1 },
      s('title', {}, `${strategy?.name ?? ''} ${node.id}: ${node.calls} calls taken`));
  });
  const svg = s('svg', { class: 'view', viewBox: `0 0 ${size.x} ${size.y}`, role: 'img', 'aria-label': `A sample of ${people.length} people and their ties. The table below counts ties between strategies.` }, ...edges, ...dots);
  const place = (): void => {
    nodes.forEach((node, k) => {
      node.x = Math.max(node.radius, Math.min(size.x - node.radius, node.x ?? 0));
      node.y = Math.max(node.radius, Math.min(size.y - node.radius, node.y ?? 0));
      dots[k]?.setAttribute('cx', node.x.toFixed(1));
      dots[k]?.setAttribute('cy', node.y.toFixed(1));
    });
    links.forEach((link, k) => {
      const [from, to] = [link.source, link.target] as unknown as [Node, Node];
      edges[k]?.setAttribute('x1', (from.x ?? 0).toFixed(1));
      edges[k]?.setAttribute('y1', (from.y ?? 0).toFixed(1));
      edges[k]?.setAttribute('x2', (to.x ?? 0).toFixed(1));
      edges[k]?.setAttribute('y2', (to.y ?? 0).toFixed(1));
    });
  };
  const simulation = forceSimulation(nodes)
    .force('links', forceLink(links).distance(narrow ? 26 : 40).strength((link) => 0.1 + 0.5 * (link as unknown as { trust: number }).trust))
    .force('apart', forceManyBody().strength(narrow ? -22 : -45))
    .force('collide', forceCollide<Node>((node) => node.radius + 1.5))
    .force('x', forceX(size.x / 2).strength(0.055))
    .force('y', forceY(size.y / 2).strength(0.09))
    .stop();
  simulation.tick(still() ? 300 : 120);
  place();
  if (!still()) simulation.on('tick', () => { if (svg.isConnected) place(); else simulation.stop(); }).restart();
  element.replaceChildren(svg, strategyKey(strategies), h('p', { class: 'quiet' },
    `${people.length} of ${page.outline.agents} people of world 1 after ${round} weeks. A line is a tie, and plainer if it is stronger. A dot grows with the calls that the person has taken.`),
    counts(page, people, links as unknown as { source: Node; target: Node }[]));
}

/** Ties from strategy to strategy. */
function counts(page: Page, people: Network['people'], links: { source: Node; target: Node }[]): HTMLElement {
  const { strategies } = page.outline;
  const members = strategies.map((_, place) => people.filter((one) => one.strategy === place));
  const between = (from: number, to: number): string =>
    String(links.filter((link) => link.source.strategy === from && link.target.strategy === to).length);
  return h('table', {},
    h('caption', {}, 'Ties within the sample, from row to column'),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, ''), h('th', { scope: 'col' }, 'people'), h('th', { scope: 'col' }, 'calls taken'), ...strategies.map((one) => h('th', { scope: 'col' }, one.name)))),
    h('tbody', {}, ...strategies.map((one, from) => h('tr', {}, h('th', { scope: 'row' }, one.name),
      h('td', {}, String(members[from]?.length ?? 0)),
      h('td', {}, String((members[from] ?? []).reduce((sum, person) => sum + person.calls, 0))),
      ...strategies.map((_, to) => h('td', {}, between(from, to)))))));
}
