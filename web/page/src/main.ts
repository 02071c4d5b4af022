/** The page: starts the engine, and shows the step that the address asks for. */

import { bet } from './bet';
import { change } from './change';
import { byId, h } from './dom';
import { evening } from './evening';
import { free } from './free';
import { valueOf } from './knobs';
import { faults, scenarioOf, type Page } from './page';
import { compile, Pool } from './pool';
import type { Outline } from './protocol';
import { Runner } from './runner';
import { fromHash, givenWorld, presetWorld, setsOf, START, STEPS, toHash, type Given, type Presets, type Step, type World } from './state';
import { weeks } from './weeks';
import { years } from './years';

const NAMES: Record<Step, string> = {
  evening: 'One evening',
  weeks: 'The weeks after',
  years: 'Over the years',
  change: 'Change one thing',
  bet: 'The bet',
  free: 'Free play',
};

const VIEWS: Record<Step, (page: Page) => HTMLElement> = { evening, weeks, years, change, bet, free };

/** Work that a step leaves behind. */
const WORK = ['evening', 'years', 'before', 'after', 'bet', 'twins', 'free', 'network', 'map'];

const outlineOf = (pool: Pool, world: World): Promise<Outline> =>
  pool.keep<Outline>({ ask: 'check', text: world.text, sets: setsOf(world) });

async function start(): Promise<void> {
  const presets = JSON.parse(byId('presets').textContent) as Presets;
  const given = JSON.parse(byId('given').textContent) as Given | null;
  const first = given ? givenWorld(given) : presetWorld(presets, START);
  const pool = new Pool(await compile(byId('engine').textContent));
  const asked = fromHash(location.hash, presets, first);
  const outline = asked.fault ? undefined : await outlineOf(pool, asked.world);
  const fault = asked.fault || outline?.faults;
  const page: Page = {
    pool, presets, runner: new Runner(pool), start: first, world: asked.world,
    // A share that is refused opens the scenario of the page.
    outline: fault || !outline ? await outlineOf(pool, first) : outline,
    go: (step) => { location.hash = toHash(step, page.world, page.start); },
    open: (world) => { location.hash = toHash(current, world, first); },
    change: async (world) => {
      const next = await outlineOf(pool, world);
      if (next.faults !== undefined) return next.faults;
      [page.world, page.outline] = [world, next];
      limit();
      foot();
      history.replaceState(null, '', toHash(current, world, first));
      return undefined;
    },
  };
  if (fault) page.world = first;
  if (page.outline.faults !== undefined) {
    byId('stage').replaceChildren(faults(page.outline.faults));
    return;
  }
  let current: Step = asked.step;
  limit();
  foot();
  const show = (step: Step, refused?: string): void => {
    current = step;
    // What is computed for the step that is left would only take time from the next.
    for (const name of WORK) page.runner.stop(name);
    byId('steps').replaceChildren(...STEPS.map((one, k) => h('button', {
      type: 'button', 'data-step': one, 'aria-current': one === step ? 'step' : null, click: () => { page.go(one); },
    }, h('span', { class: 'n' }, one === 'free' ? '' : `${k + 1}`), NAMES[one])));
    byId('stage').replaceChildren(...(refused ? [h('p', {}, 'The address asks for something that cannot be shown:'), faults(refused)] : []), VIEWS[step](page));
  };
  window.addEventListener('hashchange', () => {
    void (async () => {
      const next = fromHash(location.hash, presets, first);
      let refused = next.fault;
      const same = JSON.stringify([next.world.text, setsOf(next.world)]) === JSON.stringify([page.world.text, scenarioOf(page).sets]);
      if (!refused && !same) refused = (await page.change(next.world)) ?? '';
      show(next.step, refused);
      window.scrollTo({ top: 0 });
      byId('stage').focus({ preventScroll: true });
    })();
  });
  show(asked.step, fault);

  function limit(): void {
    pool.limit(page.outline.agents, Number(valueOf(page.outline.toml, 'population.ties_max')));
  }

  function foot(): void {
    byId('foot').replaceChildren(
      h('p', {}, 'Everything on this page is computed in your browser, by the simulator itself. Nothing is sent anywhere. Values are illustrative: read them as the conditions that decide, not as forecasts.'),
      h('p', {}, 'Scenario: ', h('b', {}, page.outline.title), ` (${page.world.file})`),
    );
  }
}

start().catch((error: unknown) => {
  byId('stage').replaceChildren(h('p', { role: 'alert', class: 'wait' }, `The engine did not start: ${String(error)}`));
});
