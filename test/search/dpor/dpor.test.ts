import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutants } from '../../../machines/mutants/index.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/compile.ts';
import { StepOutcome } from '../../../src/compile/program.ts';
import { counter, defineDesign, defineSystem, shared } from '../../../src/index.ts';
import { replay } from '../../../src/live/replay.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { dpor } from '../../../src/search/dpor/dpor.ts';
import type { DporFigures, Exploration } from '../../../src/search/exploration.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { EnabledChoices } from '../../../src/search/successors/enabled-choices.ts';
import { explore } from '../../support/explore.ts';
import { isNightly } from '../../support/nightly.ts';
import { type Access, type ThreadsView, threads } from '../../support/threads.ts';
import { type Instruction, waitingThreads } from '../../support/waiting-threads.ts';

const search = (design: AnyDesign, depth = 50, params = {}): Exploration =>
  runEngine(dpor(memoise(compile(design, params)), { depth }));
const executionsOf = (design: AnyDesign): number => (search(design).dpor as DporFigures).executions;
const copies = (count: number, program: readonly Access[]): (readonly Access[])[] => Array(count).fill(program);

/**
 * Program lastzero of the paper: a reader searches an array for its last 0, from the end; each writer stores one more
 * than its left neighbour into an element of its own.
 */
function lastzero(writers: number): AnyDesign {
  const system = defineSystem({
    name: 'lastzero',
    memory: () => ({ mem: shared({ array: Array.from({ length: writers + 1 }, () => counter(writers)) }) }),
    actors: { reader: 'one', writer: () => writers },
  });
  const reader = system
    .actor({ events: { STEP: {} }, registers: () => ({ at: counter(writers, writers) }) })
    .setup({
      actions: { goLeft: ({ context: { my } }) => (my.at -= 1) },
      guards: { isNotZero: ({ context: { mem, my } }) => mem.array(my.at).get() !== 0 },
    })
    .createMachine({
      id: 'reader',
      initial: 'searching',
      states: {
        searching: { on: { STEP: [{ guard: 'isNotZero', actions: 'goLeft' }, { target: 'done' }] } },
        done: {},
      },
    });
  const writer = system
    .actor({ events: { STEP: {} }, registers: () => ({ seen: counter(writers) }) })
    .setup({
      actions: {
        load: ({ context: { mem, my, nth } }) => (my.seen = mem.array(nth).get()),
        store: ({ context: { mem, my, nth } }) => mem.array(nth + 1).set(my.seen + 1),
      },
    })
    .createMachine({
      id: 'writer',
      initial: 'load',
      states: {
        load: { on: { STEP: { actions: 'load', target: 'store' } } },
        store: { on: { STEP: { actions: 'store', target: 'done' } } },
        done: {},
      },
    });
  const machines = { reader, writer };
  return defineDesign({ id: 'lastzero', title: 'lastzero', system, machines, properties: [] }) as AnyDesign;
}

describe('DPOR explores one execution of each trace:', () => {
  it('one, if all steps are independent', () => {
    expect(executionsOf(threads([['w0'], ['w1'], ['w2']]))).toBe(1);
    expect(executionsOf(threads(copies(4, ['r0', 'r1'])))).toBe(1);
  });

  it('n!, if n threads write to one variable', () => {
    expect([2, 3, 4].map((n) => executionsOf(threads(copies(n, ['w0']))))).toEqual([2, 6, 24]);
    expect(executionsOf(threads(copies(2, ['w0', 'w0'])))).toBe(6);
  });

  it('2^n, if n threads read what one writes', () => {
    expect([1, 3, 5].map((n) => executionsOf(threads([['w0'], ...copies(n, ['r0'])])))).toEqual([2, 8, 32]);
  });

  it('(n + 3) 2^(n - 2) for lastzero with n writers', () => {
    expect([3, 4, 5].map((n) => executionsOf(lastzero(n)))).toEqual([12, 28, 64]);
  });

  it('a proof if no thread reaches the depth bound, inconclusive otherwise', () => {
    const design = threads(copies(2, ['w0', 'w1']));
    expect(search(design)).toMatchObject({ verdict: 'holds', dpor: { depthBoundReached: false, blocked: 0 } });
    expect(search(design, 1)).toMatchObject({
      verdict: 'inconclusive',
      stoppedBy: 'depth',
      dpor: { depthBoundReached: true },
    });
  });
});

/** Compares the final states of threads under both searches. */
function expectAllFinalStates(programs: readonly (readonly Instruction[])[]): void {
  const [all, reduced] = [new Set<string>(), new Set<string>()];
  explore(waitingThreads(programs, (state) => all.add(state)));
  search(waitingThreads(programs, (state) => reduced.add(state)));
  expect([...reduced].sort()).toEqual([...all].sort());
}

describe('DPOR misses nothing that exhaustive search finds:', () => {
  it('no final state of threads that wait, choose, and disable choices of each other', () => {
    const instruction = fc.record<Instruction>({
      does: fc.constantFrom(
        ...(['load', 'store', 'storeAt', 'wait', 'waitForAny', 'waitForNone', 'pick', 'either', 'increment'] as const),
      ),
      v: fc.nat(2),
      w: fc.nat(2),
      x: fc.nat(2),
    });
    const programs = fc.array(fc.array(instruction, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(programs, (drawn) => {
        expectAllFinalStates(drawn);
      }),
      { numRuns: isNightly ? 1000 : 25 },
    );
  });

  it('no final state of threads that store where others have pointed them to', () => {
    const at = (does: Instruction['does'], v: number, x = 0, w = 0): Instruction => ({ does, v, w, x });
    expectAllFinalStates([
      [at('storeAt', 1, 1), at('store', 1)],
      [at('storeAt', 2), at('store', 1)],
      [at('pick', 0, 0, 1), at('store', 0, 1)],
    ]);
  });

  it('no invariant violation between two steps with disjoint footprints', () => {
    const design = threads([['w0'], ['w1']], ({ properties }) => [
      properties.never(
        { id: 'only-the-second', description: '' },
        ({ mem }: ThreadsView) => mem.variable(0).get() === 0 && mem.variable(1).get() === 2,
      ),
    ]);
    expect(search(design).violation).toMatchObject({ property: 'only-the-second' });
  });

  const params = { vcpus: 1, pages: 1, loggingOn: 1 };
  const everyRun = ['rmap-xchg/lock-kept-when-clean', 'rmap-xchg/get-without-mmu-lock', 'rmap-xchg/no-flush'];
  /** Nightly, all mutants of three designs. With more actors, four steps of each are too many schedules. */
  const nightly = ['rmap-xchg', 'srcu-switch', 'lock-break'];
  const tested = (mutants as readonly AnyDesign[]).filter(({ id, mutantOf = '', params = {} }) =>
    isNightly ? nightly.includes(mutantOf) && !params['devices'] && !params['hostWriters'] : everyRun.includes(id),
  );
  it.for(tested)('no violation of $id', (design) => {
    const depth = 4;
    const { verdict, violation } = search(design, depth, params);
    expect(verdict === 'violated').toBe(isViolatedWithin(design, depth, params));
    if (!violation) return;
    const live = replay(design, params, violation.schedule);
    expect(live.violation?.property).toBe(violation.property);
  });
});

describe('DPOR', () => {
  it('stops for a given reason', () => {
    const engine = dpor(memoise(compile(mutants[0] as AnyDesign)), { depth: 20 });
    engine.next();
    expect(engine.next('interrupt').value).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'interrupt' });
  });
});

/**
 * Returns true if a property is violated within `depth` steps of each actor. Searches all pairs of a state and the
 * steps that each actor has taken.
 */
function isViolatedWithin(design: AnyDesign, depth: number, params: Readonly<Record<string, number>>): boolean {
  const program = memoise(compile(design, params));
  const choices = new EnabledChoices(program);
  const visited = new Set<string>();
  const frontier: { state: Int32Array; steps: Int32Array }[] = [];
  const visit = (steps: Int32Array): boolean => {
    const key = `${program.state} ${steps}`;
    if (visited.has(key)) return false;
    visited.add(key);
    frontier.push({ state: Int32Array.from(program.state), steps });
    return program.violated() >= 0;
  };
  program.reset();
  if (visit(new Int32Array(program.actors.length))) return true;
  for (let node = frontier.pop(); node; node = frontier.pop()) {
    const { state, steps } = node;
    let canStep = false;
    program.state.set(state);
    choices.refresh();
    for (const choice of [...choices.ids.subarray(0, choices.count)]) {
      program.state.set(state);
      const outcome = choices.take(choice);
      if (outcome === StepOutcome.refused) continue;
      canStep = true;
      const actor = choices.actorOf[choice] as number;
      if (steps[actor] === depth) continue;
      if (outcome === StepOutcome.fault || visit(steps.with(actor, (steps[actor] as number) + 1))) return true;
    }
    program.state.set(state);
    if (!canStep && program.violatedByDeadlock() >= 0) return true;
  }
  return false;
}
