import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/compile.ts';
import type { Program } from '../../../src/compile/program.ts';
import type { Implementation } from '../../../src/model/actor-definition.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import type { Step } from '../../../src/model/property.ts';
import { breadthFirstSearch } from '../../../src/search/bfs/breadth-first-search.ts';
import { bitstate } from '../../../src/search/dfs/bitstate.ts';
import { liveness } from '../../../src/search/liveness/liveness.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { forEveryStep } from '../../support/every-step.ts';
import { always, leadsTo, reachable, toy } from '../../support/toys.ts';

const sizes = 4;
const names = ['x', 'y', 'z'];

/** For each value of a counter: whether the cover looks at the step there, and by which actions it is hit. */
interface Table {
  readonly looks: readonly boolean[];
  readonly hits: readonly (readonly boolean[])[];
}

/** A machine of three actions that move `a` and `b`, by tables, and one cover by a table over `a`. */
function tableDesign(moves: readonly (readonly number[])[], { looks, hits }: Table): AnyDesign {
  const move =
    (table: readonly number[]): Implementation =>
    ({ context: { toy } }) => {
      toy.b.set((toy.b.get() + 1) % 2);
      toy.a.set(table[toy.a.get()] as number);
    };
  const isHit = (view: { toy: { a: { get(): number }; b: { get(): number } } }, ...rest: readonly Step[]): boolean => {
    const a = view.toy.a.get();
    if (!looks[a]) return hits[a]?.[0] === true && view.toy.b.get() === 1;
    const nth = names.findIndex((name) => rest[0]?.actions.includes(name));
    return nth >= 0 && hits[a]?.[nth] === true && view.toy.b.get() === 1;
  };
  return toy({
    states: { s: { on: { E: [{ guard: 'aIsBelow3', actions: 'x' }, { actions: 'y' }], F: { actions: 'z' } } } },
    actions: { x: move(moves[0] ?? []), y: move(moves[1] ?? []), z: move(moves[2] ?? []) },
    properties: [reachable({ id: 'cover', description: 'a table' }, isHit as never)],
  });
}

/** Takes every step of every state, and evaluates the cover after each. */
function isHitByAnyStep(design: AnyDesign): boolean {
  const program = compile(design);
  let hit = false;
  const evaluate = (): void => program.covers([0], () => (hit = true));
  program.reset();
  evaluate();
  forEveryStep(program, () => undefined, evaluate);
  return hit;
}

const engines: Readonly<Record<string, (program: Program) => { covers: readonly { hit: boolean }[] }>> = {
  'breadth-first search': (program) => runEngine(breadthFirstSearch(program)),
  'breadth-first search with sleep sets': (program) => runEngine(breadthFirstSearch(program, { partialOrder: true })),
  bitstate: (program) => runEngine(bitstate(program, { seed: 1, depth: 100, bytes: 4096 })),
};

describe('a cover that looks at the step in some states', () => {
  const bits = (length: number) => fc.array(fc.boolean(), { minLength: length, maxLength: length });
  const table = fc.record({
    looks: bits(sizes),
    hits: fc.array(bits(names.length), { minLength: sizes, maxLength: sizes }),
  });
  const target = fc.array(fc.nat(sizes - 1), { minLength: sizes, maxLength: sizes });
  const moves = fc.array(target, { minLength: 3, maxLength: 3 });

  it.each(Object.keys(engines))('is hit by %s exactly if some step hits it', (name) => {
    fc.assert(
      fc.property(moves, table, (of, by) => {
        const design = tableDesign(of, by);
        const { covers } = (engines[name] as (program: Program) => ReturnType<(typeof engines)[string]>)(
          memoise(compile(design)),
        );
        expect(covers[0]?.hit).toBe(isHitByAnyStep(design));
      }),
      { numRuns: 60 },
    );
  });
});

it('an invariant is given no step, in whatever way it asks for one', () => {
  const asks = (...args: readonly unknown[]): boolean => args[1] === undefined;
  const design = toy({
    states: { s: { on: { E: 's' } } },
    properties: [always({ id: 'asks', description: 'there is no step' }, asks)],
  });
  for (const program of [compile(design), memoise(compile(design))]) {
    expect(runEngine(breadthFirstSearch(program)).verdict).toBe('holds');
  }
});

it('a leads-to property is given no step either', () => {
  const asks = (...args: readonly unknown[]): boolean => typeof args[1] === 'object';
  const design = toy({
    states: { s: { on: { E: 's' } } },
    properties: [leadsTo({ id: 'asks', description: 'there is no step' }, asks, () => false)],
  });
  expect(runEngine(liveness(memoise(compile(design)))).covers[0]?.hit).toBe(false);
});
