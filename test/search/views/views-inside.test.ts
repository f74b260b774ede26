import { type AnyDesign, compile, memoise, type Program, runEngine, StepOutcome } from 'precopy';
import { expect, it } from 'vitest';
import twoPhaseCommit from '../../../examples/two-phase-commit.ts';
import { lockBreak, manualClear, rmapXchg } from '../../../machines/designs/index.ts';
import { viewsOf } from '../../../src/search/views/any-number.ts';
import { ProcessFamily } from '../../../src/search/views/process-family.ts';
import { nightly } from '../../support/nightly.ts';

const params = { pages: 1, loggingOn: 1, emulatingVcpus: 0 };

const cases: readonly (readonly [AnyDesign, number, Readonly<Record<string, number>>?])[] = [
  [twoPhaseCommit, 2, {}],
  [twoPhaseCommit, 3, {}],
  ...nightly([
    [rmapXchg, 2],
    [rmapXchg, 3],
    [rmapXchg, 4],
    [lockBreak, 3],
    [manualClear, 3],
  ] as const),
];

/** Returns all reachable states. */
function statesOf(program: Program): Iterable<Int32Array> {
  program.reset();
  const states = new Map([[program.state.join(), Int32Array.from(program.state)]]);
  const events = new Int32Array(program.events.length);
  for (const state of states.values()) {
    program.state.set(state);
    for (const event of Array.from(events.subarray(0, program.enabled(events)))) {
      for (let payload = 0; payload < (program.events[event]?.domain ?? 0); payload++) {
        program.state.set(state);
        if (program.step(event, payload) !== StepOutcome.taken) continue;
        const key = program.state.join();
        if (!states.has(key)) states.set(key, Int32Array.from(program.state));
      }
    }
  }
  return states.values();
}

it.each(cases.map(([design, count, given = params]) => ({ design, count, given, id: design.id })))(
  'the views of all states of $id at $count processes are found',
  ({ design, count, given }) => {
    const family = new ProcessFamily(design, given);
    const { search, projections } = viewsOf(family);
    while (runEngine(search.explore()) !== undefined);
    const projection = projections.find(({ sized }) => sized.slots === count);
    if (projection === undefined) throw new Error('no configurations of that size');
    const { layout } = projection;
    const [whole, block] = [new Int32Array(layout.wholeWords), new Int32Array(layout.blockWords)];
    let missing = 0;
    for (const state of statesOf(memoise(compile(design, family.paramsAt(count))))) {
      projection.projectWhole(state, whole);
      for (let slot = 0; slot < count; slot++) {
        projection.projectBlock(state, slot, block);
        if (!search.views.has(whole, block)) missing++;
      }
    }
    expect(missing).toBe(0);
  },
);
