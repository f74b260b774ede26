import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutants } from '../../../machines/mutants.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile, type Program } from '../../../src/compile/program.ts';
import { replay } from '../../../src/live/replay.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { sampleSchedules } from '../../../src/search/random/schedule-sampling.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { ScheduleRunner, shrink } from '../../../src/search/shrink/shrink.ts';
import { ShrinkCandidates } from '../../../src/search/shrink/shrink-candidates.ts';
import { EnabledChoices } from '../../../src/search/successors/enabled-choices.ts';
import { toy } from '../../support/toys.ts';

const mutant = (id: string): AnyDesign => (mutants as readonly AnyDesign[]).find((one) => one.id === id) as AnyDesign;

/** A schedule that breaks something, padded with all that a random walk does besides. */
function walk(program: Program, seed: number): { path: number[]; property: string } {
  const follower = new ScheduleRunner(program);
  const offers = new EnabledChoices(program);
  const random = fc.sample(fc.array(fc.nat(offers.ids.length - 1), { minLength: 4000, maxLength: 4000 }), {
    seed,
    numRuns: 1,
  })[0] as number[];
  const { taken, broken } = follower.follow(random);
  return { path: taken, property: broken ?? '' };
}

describe('a shrunk schedule', () => {
  const program = memoise(compile(mutant('rmap-xchg/no-flush'), { loggingOn: 1 }));
  const follower = new ScheduleRunner(program);
  const smaller = new ShrinkCandidates(program);

  it('breaks the same property in its last step, needs each of its steps, and happens on live actors', () => {
    fc.assert(
      fc.property(fc.nat(10_000), (seed) => {
        const { path, property } = walk(program, seed);
        fc.pre(property !== '');
        const shrunk = shrink(program, path, property);
        expect(follower.follow(shrunk)).toEqual({ taken: shrunk, broken: property });
        expect(shrunk.length).toBeLessThanOrEqual(path.length);
        for (const n of shrunk.keys()) {
          const { broken, taken } = follower.follow(shrunk.toSpliced(n, 1));
          expect(broken === property && taken.length < shrunk.length, `without step ${n}`).toBe(false);
        }
        const offers = new EnabledChoices(program);
        const live = replay(
          program.design,
          program.params,
          shrunk.map((number) => offers.choiceOf(number)),
        );
        expect(live.violation?.property).toBe(property);
      }),
      { numRuns: 2, seed: 1 },
    );
  });

  it('has few context switches and low numbers', () => {
    const sizes = [1, 2].map((seed) => {
      const { path, property } = walk(program, seed);
      return smaller.sizeOf(shrink(program, path, property));
    });
    for (const { steps, switches, path } of sizes) {
      expect(steps).toBeLessThanOrEqual(14);
      expect(switches).toBeLessThanOrEqual(6);
      expect(program.events[new EnabledChoices(program).eventOf[path[0] as number] as number]?.actor).toBe(0);
    }
  });

  it('has no detours: no state is visited twice', () => {
    const { path } = walk(program, 3);
    const states = new Set<string>();
    program.reset();
    const offers = new EnabledChoices(program);
    const straight = follower.withoutCycles(path);
    program.reset();
    for (const number of straight) {
      states.add(program.state.join());
      offers.take(number);
    }
    expect(states.size).toBe(straight.length);
    expect(straight.length).toBeLessThan(path.length);
  });

  it('ends with the fault that it is about, though that leaves the state as it was', () => {
    const design = toy({
      states: { s: { on: { E: { actions: 'incA' }, F: { actions: 'tooMuch' } } } },
      actions: {
        incA: ({ context: { toy } }) => toy.a.set((toy.a.get() + 1) % 8),
        tooMuch: ({ context: { toy } }) => toy.b.set(8),
      },
    });
    const [e, f] = [0, 1];
    expect(shrink(compile(design), [e, e, f], 'well-formed')).toEqual([f]);
  });

  it('is what a strategy reports', () => {
    const design = mutant('rmap-xchg/get-without-mmu-lock');
    const found = runEngine(
      sampleSchedules(compile(design), { strategy: 'random', seed: 3, runs: 500, depth: 200, bugDepth: 3 }),
    );
    expect(found.violation?.schedule.length).toBeLessThanOrEqual(found.sampled?.stepsFound as number);
    expect(found.depth).toBe((found.violation?.schedule.length as number) + 1);
  });
});

describe('following a schedule', () => {
  it('leaves out the delivery of a message that nobody has sent', () => {
    const program = compile(mutant('rmap-xchg/no-flush'));
    const delivery = program.events.find(({ from }) => from !== undefined)?.id as number;
    const { taken, broken } = new ScheduleRunner(program).follow([
      new EnabledChoices(program).numberOf({ event: delivery, payload: 0 }),
    ]);
    expect({ taken, broken }).toEqual({ taken: [], broken: undefined });
  });
});
