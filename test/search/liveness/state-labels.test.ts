import { compile, liveness, memoise, type Program } from 'precopy';
import { expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { GraphSearch } from '../../../src/search/liveness/graph-search.ts';
import { leadsToChecks } from '../../../src/search/liveness/leads-to-check.ts';
import { StateGraph } from '../../../src/search/liveness/state-graph.ts';
import { StateLabels } from '../../../src/search/liveness/state-labels.ts';
import { choicesForSearch } from '../../../src/search/successors/choice-limits.ts';
import { leadsTo, toy } from '../../support/toys.ts';

/** Returns the labels of all states, in the order of their discovery, for each check. */
function labelsOfAllStates(program: Program): number[][] {
  const checks = leadsToChecks(program);
  const graph = new StateGraph(2 ** 24);
  const labels = new StateLabels(program, checks, 2 ** 24);
  for (const _ of new GraphSearch(program, choicesForSearch(program.events), graph, labels, 2 ** 24).run());
  const classes = [...labels.classOf.subarray(0, graph.states)];
  return checks.map((_, check) => classes.map((id) => labels.labelsOf(check)[id] as number));
}

it('labels that are inherited and cached are those that every state has by itself', () => {
  const params = { vcpus: 1, pages: 1 };
  const evaluated = labelsOfAllStates(compile(rmapXchg, params));
  expect(evaluated[0]).toHaveLength(1520);
  expect(evaluated.some((labels) => new Set(labels).size > 2)).toBe(true);
  expect(labelsOfAllStates(memoise(compile(rmapXchg, params)))).toEqual(evaluated);
});

it('a property that answers otherwise at the end of the search is refused', () => {
  let isLate = false;
  const fickle = leadsTo(
    { id: 'fickle', description: 'it depends on the time' },
    () => isLate,
    () => true,
  );
  const search = liveness(memoise(compile(toy({ states: { start: {} }, properties: [fickle] }))));
  search.next();
  isLate = true;
  expect(() => search.next()).toThrow(/fickle/);
});
