import fc from 'fast-check';
import { expect, it } from 'vitest';
import twoPhaseCommit from '../../../examples/two-phase-commit.ts';
import {
  type AnyDesign,
  breadthFirstSearch,
  compile,
  memoise,
  type Property,
  replay,
  runEngine,
  type Step,
  StepOutcome,
} from '../../../src/index.ts';
import { symmetryReducedSearch } from '../../../src/search/symmetry/symmetry-search.ts';

const params = { rms: 2 };
const limits = { maxMemoryBytes: 1 << 22 };
const { system } = twoPhaseCommit;
type CommitView = Parameters<Parameters<typeof system.properties.never>[1]>[0];
type Hit = (view: CommitView, step: Step) => boolean;

/** A random cover that looks at the state, the step, or both. */
const { hit } = fc.letrec<{ hit: Hit }>((tie) => ({
  hit: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('stopAwaiting', 'sendPrepared', 'sendCommit').map(
      (name): Hit =>
        (_, { actions }) =>
          actions.includes(name),
    ),
    fc.nat(1).map(
      (rm): Hit =>
        (_, { payload }) =>
          payload === rm,
    ),
    fc.nat(1).map(
      (rm): Hit =>
        ({ actors }, { actor }) =>
          actor === actors.resourceManager[rm],
    ),
    fc.nat(1).map(
      (rm): Hit =>
        ({ sent }) =>
          sent.prepared.has(rm),
    ),
    fc.nat(2).map(
      (count): Hit =>
        ({ is }) =>
          is.committed.count() >= count,
    ),
    fc.nat(1).map(
      (rm): Hit =>
        ({ registers, actors }) =>
          registers(actors.transactionManager).awaited.has(rm),
    ),
    fc.tuple(tie('hit'), tie('hit')).map(
      ([one, other]): Hit =>
        (view, step) =>
          one(view, step) && other(view, step),
    ),
    fc.tuple(tie('hit'), tie('hit')).map(
      ([one, other]): Hit =>
        (view, step) =>
          one(view, step) || other(view, step),
    ),
    tie('hit').map(
      (one): Hit =>
        (view, step) =>
          !one(view, step),
    ),
  ),
}));

/** Returns the length of a shortest run that hits a cover, by steps of the compiled program alone. */
function shortest(design: AnyDesign, isHit: Hit): number | undefined {
  const program = compile(design, params);
  const hits = (): boolean => isHit(program.instance.view as never, program.lastStep());
  program.reset();
  if (hits()) return 0;
  const lengths = new Map([[program.state.join(), 0]]);
  const queue = [Int32Array.from(program.state)];
  for (const state of queue) {
    const length = lengths.get(state.join()) as number;
    for (const { id, domain } of program.events) {
      for (let payload = 0; payload < domain; payload++) {
        program.state.set(state);
        if (program.step(id, payload) !== StepOutcome.taken) continue;
        if (hits()) return length + 1;
        const key = program.state.join();
        if (lengths.has(key)) continue;
        lengths.set(key, length + 1);
        queue.push(Int32Array.from(program.state));
      }
    }
  }
  return undefined;
}

it('a goal is reached by a shortest run, which live actors confirm, with every successor generator and reduction', () => {
  fc.assert(
    fc.property(hit, (isHit) => {
      const goal: Property = { kind: 'cover', id: 'goal', description: 'a goal', isHit, isGoal: true };
      const design: AnyDesign = { ...twoPhaseCommit, properties: [goal] };
      const expected = shortest(design, isHit);
      const program = () => memoise(compile(design, params));
      for (const engine of [
        breadthFirstSearch(compile(design, params), limits),
        breadthFirstSearch(program(), limits),
        breadthFirstSearch(program(), { ...limits, partialOrder: true }),
        symmetryReducedSearch(program(), limits),
        symmetryReducedSearch(program(), { ...limits, partialOrder: true }),
      ]) {
        const { verdict, violation, covers } = runEngine(engine);
        expect(verdict).toBe(expected === undefined ? 'holds' : 'violated');
        expect(covers).toEqual([{ id: 'goal', hit: expected !== undefined }]);
        expect(violation?.schedule.length).toBe(expected);
        if (!violation) continue;
        const { steps, violation: reached } = replay(design, params, violation.schedule);
        expect([steps.length, reached?.property]).toEqual([expected, 'goal']);
      }
    }),
    { numRuns: 6 },
  );
});
