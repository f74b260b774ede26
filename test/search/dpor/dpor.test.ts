import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutants } from '../../../machines/mutants.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile, StepOutcome } from '../../../src/compile/program.ts';
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

const search = (design: AnyDesign, depth = 50, sizes = {}): Exploration =>
  runEngine(dpor(memoise(compile(design, sizes)), { depth }));
const executionsOf = (design: AnyDesign): number => (search(design).dpor as DporFigures).executions;
const times = (count: number, program: readonly Access[]): (readonly Access[])[] => Array(count).fill(program);

/**
 * lastzero of the paper: one thread looks from the end of an array for the last 0, and each of the others writes one more than its neighbour
 * to the left into a place of its own.
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
      initial: 'looking',
      states: { looking: { on: { STEP: [{ guard: 'isNotZero', actions: 'goLeft' }, { target: 'done' }] } }, done: {} },
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

describe('one execution of each trace:', () => {
  it('one, where nothing depends on anything else', () => {
    expect(executionsOf(threads([['w0'], ['w1'], ['w2']]))).toBe(1);
    expect(executionsOf(threads(times(4, ['r0', 'r1'])))).toBe(1);
  });

  it('n!, where n threads write to one variable', () => {
    expect([2, 3, 4].map((n) => executionsOf(threads(times(n, ['w0']))))).toEqual([2, 6, 24]);
    expect(executionsOf(threads(times(2, ['w0', 'w0'])))).toBe(6);
  });

  it('2^n, where n threads read what one writes', () => {
    expect([1, 3, 5].map((n) => executionsOf(threads([['w0'], ...times(n, ['r0'])])))).toEqual([2, 8, 32]);
  });

  it('(n + 3) 2^(n - 2) for lastzero with n writers', () => {
    expect([3, 4, 5].map((n) => executionsOf(lastzero(n)))).toEqual([12, 28, 64]);
  });

  it('those of programs that end are a proof, and those within a bound are none', () => {
    const design = threads(times(2, ['w0', 'w1']));
    expect(search(design)).toMatchObject({ verdict: 'holds', dpor: { depthBoundReached: false, blocked: 0 } });
    expect(search(design, 1)).toMatchObject({
      verdict: 'inconclusive',
      stoppedBy: 'depth',
      dpor: { depthBoundReached: true },
    });
  });
});

describe('what they show is what all schedules show:', () => {
  it('all ends of threads that wait, choose, and keep each other from choices', () => {
    const instruction = fc.record<Instruction>({
      does: fc.constantFrom('load', 'store', 'wait', 'waitForAny', 'waitForNone', 'pick', 'either', 'increment'),
      v: fc.nat(2),
      w: fc.nat(2),
      x: fc.nat(2),
    });
    const programs = fc.array(fc.array(instruction, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(programs, (some) => {
        const [all, few] = [new Set<string>(), new Set<string>()];
        explore(waitingThreads(some, (end) => all.add(end)));
        search(waitingThreads(some, (end) => few.add(end)));
        expect([...few].sort()).toEqual([...all].sort());
      }),
      { numRuns: isNightly ? 1000 : 25 },
    );
  });

  it('a state between two steps that do not touch each other', () => {
    const design = threads([['w0'], ['w1']], ({ properties }) => [
      properties.never(
        { id: 'only-the-second', description: '' },
        ({ mem }: ThreadsView) => mem.variable(0).get() === 0 && mem.variable(1).get() === 2,
      ),
    ]);
    expect(search(design).violation).toMatchObject({ property: 'only-the-second' });
  });

  const sizes = { vcpus: 1, pages: 1, loggingOn: 1 };
  const some = ['rmap-xchg/lock-kept-when-clean', 'rmap-xchg/get-without-mmu-lock', 'rmap-xchg/no-flush'];
  /** all mutants of three designs by night: with more actors, four steps of each are too many schedules */
  const many = ['rmap-xchg', 'srcu-switch', 'lock-break'];
  const chosen = (mutants as readonly AnyDesign[]).filter(({ id, mutantOf = '', params = {} }) =>
    isNightly ? many.includes(mutantOf) && !params['devices'] && !params['hostWriters'] : some.includes(id),
  );
  it.for(chosen)('the same verdict on $id', (design) => {
    const depth = 4;
    const found = search(design, depth, sizes);
    expect(found.verdict === 'violated').toBe(breaksWithin(design, depth, sizes));
    if (!found.violation) return;
    const live = replay(design, sizes, found.violation.schedule);
    expect(live.violation?.property).toBe(found.violation.property);
  });

  it('and it stops when it is told to', () => {
    const engine = dpor(memoise(compile(mutants[0] as AnyDesign)), { depth: 20 });
    engine.next();
    expect(engine.next('interrupt').value).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'interrupt' });
  });
});

/** Whether something breaks while no actor takes more than so many steps, by going through all states, told apart by who took how many. */
function breaksWithin(design: AnyDesign, depth: number, sizes: Readonly<Record<string, number>>): boolean {
  const program = memoise(compile(design, sizes));
  const offers = new EnabledChoices(program);
  const seen = new Set<string>();
  const open: { state: Int32Array; steps: Int32Array }[] = [];
  const arrive = (steps: Int32Array): boolean => {
    const key = `${program.state} ${steps}`;
    if (seen.has(key)) return false;
    seen.add(key);
    open.push({ state: Int32Array.from(program.state), steps });
    return program.violated() >= 0;
  };
  program.reset();
  if (arrive(new Int32Array(program.actors.length))) return true;
  for (let at = open.pop(); at; at = open.pop()) {
    const { state, steps } = at;
    let canStep = false;
    program.state.set(state);
    offers.refresh();
    for (const choice of [...offers.ids.subarray(0, offers.count)]) {
      program.state.set(state);
      const outcome = offers.take(choice);
      if (outcome === StepOutcome.refused) continue;
      canStep = true;
      const actor = offers.actorOf[choice] as number;
      if (steps[actor] === depth) continue;
      if (outcome === StepOutcome.fault || arrive(steps.with(actor, (steps[actor] as number) + 1))) return true;
    }
    program.state.set(state);
    if (!canStep && !program.isValidEndState()) return true;
  }
  return false;
}
