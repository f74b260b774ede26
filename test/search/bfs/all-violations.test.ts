import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import twoPhaseCommit from '../../../examples/two-phase-commit.ts';
import {
  type AnyDesign,
  breadthFirstSearch,
  type Choice,
  compile,
  counter,
  defineDesign,
  defineSystem,
  memoise,
  owned,
  type Property,
  runEngine,
  StepOutcome,
} from '../../../src/index.ts';

const limits = { all: true, maxMemoryBytes: 1 << 22 } as const;
const commit = twoPhaseCommit;
const { never, noDeadlock } = commit.system.properties;
const withProperties = (properties: readonly Property[]): AnyDesign => ({ ...commit, properties });
const params = { rms: 2 };

const someAbort = never({ id: 'some-abort', description: 'some abort' }, ({ is }) => is.aborted.count() > 0);
const allAbort = never({ id: 'all-abort', description: 'all abort' }, ({ is }) => is.aborted.count() === 2);
const noEnd = noDeadlock({ id: 'no-end', description: 'no end' });
const noCommit = noDeadlock(
  { id: 'no-commit', description: 'no commit is the end' },
  ({ is }) => is.committed.count() === 0,
);

/** Visits all states of a design, by steps of the compiled program alone. */
function states(design: AnyDesign) {
  const program = compile(design, params);
  program.reset();
  const seen = new Map([[program.state.join(), 0]]);
  const queue = [Int32Array.from(program.state)];
  const counts = new Map<string, number>();
  const lengths = new Map<string, number>();
  let terminal = 0;
  const note = (id: string, length: number): void => {
    counts.set(id, (counts.get(id) ?? 0) + 1);
    lengths.set(id, lengths.get(id) ?? length);
  };
  for (const state of queue) {
    program.state.set(state);
    const length = seen.get(state.join()) as number;
    for (const one of program.properties) {
      if (one.kind === 'invariant' && !one.holds(program.instance.view)) note(one.id, length);
    }
    let steps = 0;
    for (const { id, domain } of program.events) {
      for (let payload = 0; payload < domain; payload++) {
        program.state.set(state);
        if (program.step(id, payload) !== StepOutcome.taken) continue;
        steps++;
        const key = program.state.join();
        if (seen.has(key)) continue;
        seen.set(key, length + 1);
        queue.push(Int32Array.from(program.state));
      }
    }
    program.state.set(state);
    if (steps > 0) continue;
    terminal++;
    for (const one of program.properties) {
      if (one.kind === 'deadlock' && !one.isValidEndState(program.instance.view)) note(one.id, length);
    }
  }
  return { states: seen.size, terminal, counts, lengths };
}

/** Returns the property that a schedule violates with its last step, out of one alone. */
function violates(design: AnyDesign, property: string, schedule: readonly Choice[]): boolean {
  const program = compile(
    { ...design, properties: design.properties.filter((one: Property) => one.id === property) },
    params,
  );
  program.reset();
  for (const { event, payload } of schedule) program.step(event, payload);
  return program.violated() >= 0 || program.violatedByDeadlock() >= 0;
}

describe('a search that goes on after the first violation', () => {
  for (const cached of [false, true]) {
    it(`counts the states that violate each property, and terminal states, ${cached ? 'with' : 'without'} the cache`, () => {
      const design = withProperties([someAbort, noEnd, allAbort, noCommit, ...commit.properties]);
      const program = compile(design, params);
      const {
        all,
        verdict,
        states: visited,
        properties,
      } = runEngine(breadthFirstSearch(cached ? memoise(program) : program, limits));
      const expected = states(design);
      expect([verdict, visited]).toEqual(['violated', expected.states]);
      expect(new Map(all?.violations.map(({ property, count }) => [property, count]))).toEqual(expected.counts);
      expect(new Map(all?.violations.map(({ property, schedule }) => [property, schedule.length]))).toEqual(
        expected.lengths,
      );
      for (const { property, schedule } of all?.violations ?? [])
        expect(violates(design, property, schedule)).toBe(true);
      expect(all).toMatchObject({ terminalStates: expected.terminal, deadlockedStates: expected.terminal });
      expect(properties.filter((one) => one.verdict === 'holds').map(({ id }) => id)).toEqual([
        'consistent',
        'no-deadlock',
        'well-formed',
      ]);
    });
  }

  it('holds where nothing is violated, and tells valid end states', () => {
    const { all, verdict } = runEngine(breadthFirstSearch(memoise(compile(commit, params)), limits));
    expect([verdict, all]).toEqual([
      'holds',
      { violations: [], terminalStates: states(commit).terminal, deadlockedStates: 0 },
    ]);
  });

  it('counts the initial state', () => {
    const anything = never({ id: 'anything', description: 'anything' }, () => true);
    const { all, states: visited } = runEngine(
      breadthFirstSearch(memoise(compile(withProperties([anything]), params)), limits),
    );
    expect(all?.violations).toEqual([
      { property: 'anything', schedule: [], fault: undefined, count: visited, counted: 'states' },
    ]);
  });

  it('counts steps that are faults, and states that are races', () => {
    const system = defineSystem({
      name: 'adders',
      memory: () => ({ sum: owned({ total: counter(2) }) }),
      actors: { adder: () => 2 },
    });
    const adder = system
      .actor({ events: { STEP: {} } })
      .setup({ actions: { add: ({ context: { sum } }) => sum.total.set(sum.total.get() + 1) } })
      .createMachine({
        id: 'adder',
        initial: 'first',
        states: {
          first: { on: { STEP: { actions: 'add', target: 'second' } } },
          second: { on: { STEP: { actions: 'add', target: 'end' } } },
          end: {},
        },
      });
    const design: AnyDesign = defineDesign({ id: 'adders', title: '', system, machines: { adder }, properties: [] });
    const { all } = runEngine(breadthFirstSearch(memoise(compile(design)), limits));
    const { violations } = all as NonNullable<typeof all>;
    // Both may add in 00, 10, 01 and 11, and one of them in 20 and 02: there the sum is 2, and a third is too many.
    expect(violations.map(({ property, counted, count }) => [property, counted, count])).toEqual([
      ['well-formed', 'states', 4],
      ['well-formed', 'steps', 4],
    ]);
    expect(violations.map(({ schedule }) => schedule.length)).toEqual([0, 3]);
    expect(violations.map(({ fault }) => typeof fault)).toEqual(['string', 'string']);
  });

  it('counts the same in smaller units, with a smaller memory', () => {
    const design = withProperties([someAbort, noEnd, allAbort]);
    const large = runEngine(breadthFirstSearch(memoise(compile(design, { rms: 4 })), limits)).all;
    const small = runEngine(
      breadthFirstSearch(memoise(compile(design, { rms: 4 })), { all: true, maxMemoryBytes: 1 << 20 }),
    ).all;
    expect(large?.violations).toHaveLength(3);
    expect(small).toEqual(large);
  });

  it('counts random invariants as they are in the states', () => {
    const tags = fc.record({ aborted: fc.nat(2), committed: fc.nat(2), bit: fc.nat(1) });
    fc.assert(
      fc.property(fc.array(tags, { minLength: 1, maxLength: 4 }), (list) => {
        const design = withProperties(
          list.map(({ aborted, committed, bit }, n) =>
            never(
              { id: `p${n}`, description: '' },
              ({ is, sent }) =>
                is.aborted.count() >= aborted && is.committed.count() <= committed && sent.prepared.has(bit),
            ),
          ),
        );
        const { all } = runEngine(breadthFirstSearch(memoise(compile(design, params)), limits));
        expect(new Map(all?.violations.map(({ property, count }) => [property, count]))).toEqual(states(design).counts);
      }),
      { numRuns: 6 },
    );
  });
});
