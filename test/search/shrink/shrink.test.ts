import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutants } from '../../../machines/mutants/index.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/compile.ts';
import type { Program } from '../../../src/compile/program.ts';
import { replay } from '../../../src/live/replay.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { sampleSchedules } from '../../../src/search/random/schedule-sampling.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { ScheduleRunner } from '../../../src/search/shrink/schedule-runner.ts';
import { shrink } from '../../../src/search/shrink/shrink.ts';
import { ShrinkCandidates } from '../../../src/search/shrink/shrink-candidates.ts';
import { EnabledChoices } from '../../../src/search/successors/enabled-choices.ts';
import { toy } from '../../support/toys.ts';

const mutant = (id: string): AnyDesign =>
  (mutants as readonly AnyDesign[]).find((design) => design.id === id) as AnyDesign;

/** Draws 4,000 choices, and executes those that are enabled in turn up to the first violation. */
function randomSchedule(program: Program, seed: number): { path: number[]; property: string } {
  const { ids } = new EnabledChoices(program);
  const drawn = fc.sample(fc.array(fc.nat(ids.length - 1), { minLength: 4000, maxLength: 4000 }), {
    seed,
    numRuns: 1,
  })[0] as number[];
  const { executed, violated } = new ScheduleRunner(program).follow(drawn);
  return { path: executed, property: violated ?? '' };
}

describe('a shrunk schedule', () => {
  const program = memoise(compile(mutant('rmap-xchg/no-flush'), { loggingOn: 1 }));
  const runner = new ScheduleRunner(program);
  const candidates = new ShrinkCandidates(program);

  it('violates the same property in its last step, needs each of its steps, and replays on live actors', () => {
    fc.assert(
      fc.property(fc.nat(10_000), (seed) => {
        const { path, property } = randomSchedule(program, seed);
        fc.pre(property !== '');
        const shrunk = shrink(program, path, property);
        expect(runner.follow(shrunk)).toEqual({ executed: shrunk, violated: property });
        expect(shrunk.length).toBeLessThanOrEqual(path.length);
        for (const n of shrunk.keys()) {
          const { violated, executed } = runner.follow(shrunk.toSpliced(n, 1));
          expect(violated === property && executed.length < shrunk.length, `without step ${n}`).toBe(false);
        }
        const choices = new EnabledChoices(program);
        const live = replay(
          program.design,
          program.params,
          shrunk.map((choice) => choices.choiceOf(choice)),
        );
        expect(live.violation?.property).toBe(property);
      }),
      { numRuns: 2, seed: 1 },
    );
  });

  it('has few context switches and small choice ids', () => {
    const costs = [1, 2].map((seed) => {
      const { path, property } = randomSchedule(program, seed);
      return candidates.costOf(shrink(program, path, property));
    });
    for (const { steps, switches, path } of costs) {
      expect(steps).toBeLessThanOrEqual(14);
      expect(switches).toBeLessThanOrEqual(6);
      expect(program.events[new EnabledChoices(program).eventOf[path[0] as number] as number]?.actor).toBe(0);
    }
  });

  it('visits no state twice', () => {
    const { path } = randomSchedule(program, 3);
    const states = new Set<string>();
    const choices = new EnabledChoices(program);
    const acyclic = runner.withoutCycles(path);
    program.reset();
    for (const choice of acyclic) {
      states.add(program.state.join());
      choices.take(choice);
    }
    expect(states.size).toBe(acyclic.length);
    expect(acyclic.length).toBeLessThan(path.length);
  });

  it('keeps the faulty step, although a fault leaves the state as it was', () => {
    const design = toy({
      states: { s: { on: { E: { actions: 'incA' }, F: { actions: 'overflowB' } } } },
      actions: {
        incA: ({ context: { toy } }) => toy.a.set((toy.a.get() + 1) % 8),
        overflowB: ({ context: { toy } }) => toy.b.set(8),
      },
    });
    const [e, f] = [0, 1];
    expect(shrink(compile(design), [e, e, f], 'well-formed')).toEqual([f]);
  });

  it('is what schedule sampling reports', () => {
    const design = mutant('rmap-xchg/get-without-mmu-lock');
    const exploration = runEngine(
      sampleSchedules(compile(design), { strategy: 'random', seed: 3, runs: 500, depth: 200, bugDepth: 3 }),
    );
    expect(exploration.violation?.schedule.length).toBeLessThanOrEqual(exploration.sampled?.stepsFound as number);
    expect(exploration.depth).toBe((exploration.violation?.schedule.length as number) + 1);
  });
});

describe('a schedule runner', () => {
  it('drops the delivery of a message that was not sent', () => {
    const program = compile(mutant('rmap-xchg/no-flush'));
    const delivery = program.events.find(({ from }) => from !== undefined)?.id as number;
    const choice = new EnabledChoices(program).idOf({ event: delivery, payload: 0 });
    expect(new ScheduleRunner(program).follow([choice])).toEqual({ executed: [], violated: undefined });
  });
});
