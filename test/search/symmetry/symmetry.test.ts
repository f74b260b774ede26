import { describe, expect, it } from 'vitest';
import twoPhaseCommit from '../../../examples/two-phase-commit.ts';
import { designs, rmapXchg } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/compile.ts';
import { replay } from '../../../src/live/replay.ts';
import { bitmap } from '../../../src/model/declare.ts';
import { defineDesign } from '../../../src/model/define-design.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { posted } from '../../../src/model/messages.ts';
import { defineSystem, System, shared } from '../../../src/model/system.ts';
import { breadthFirstSearch } from '../../../src/search/bfs/breadth-first-search.ts';
import type { Exploration } from '../../../src/search/exploration.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { symmetryReducedSearch } from '../../../src/search/symmetry/symmetry-search.ts';
import { isNightly } from '../../support/nightly.ts';
import { sumOfOrbitSizes } from '../../support/orbits.ts';

type Params = Readonly<Record<string, number>>;
const full = (design: AnyDesign, params: Params): Exploration =>
  runEngine(breadthFirstSearch(memoise(compile(design, params))));
const reduced = (design: AnyDesign, params: Params): Exploration =>
  runEngine(symmetryReducedSearch(memoise(compile(design, params))));
const mutant = (id: string): AnyDesign =>
  (mutants as readonly AnyDesign[]).find((design) => design.id === id) as AnyDesign;

const verdictOf = ({ verdict, depth, covers, violation }: Exploration) => ({
  verdict,
  depth,
  covers: verdict === 'holds' ? covers : [],
  property: violation?.property,
});

const two = { vcpus: 2, pages: 1, emulatingVcpus: 0 };

/** Nightly, all designs and mutants without store buffers, from before the log is switched on. */
const all: readonly AnyDesign[] = designs;
const testedParams = isNightly ? two : { ...two, loggingOn: 1 };
const tested = isNightly
  ? [...all, ...mutants].filter(({ memoryModel }) => memoryModel !== 'tso')
  : all.filter(({ id }) => id === 'ad-bits');

describe('symmetry reduction', () => {
  for (const design of tested) {
    it(`of ${design.id} keeps the verdict and covers, and its orbits are all states`, () => {
      const exploration = full(design, testedParams);
      expect(verdictOf(reduced(design, testedParams))).toEqual(verdictOf(exploration));
      if (exploration.verdict === 'holds') expect(sumOfOrbitSizes(design, testedParams)).toBe(exploration.states);
    });
  }

  it('does not permute cells of other actors that follow those of the vCPUs in a list', () => {
    const withWriter = { ...two, loggingOn: 1, hostWriters: 1 };
    const exploration = full(rmapXchg, withWriter);
    expect(verdictOf(reduced(rmapXchg, withWriter))).toEqual(verdictOf(exploration));
    expect(sumOfOrbitSizes(rmapXchg, withWriter)).toBe(exploration.states);
  });

  it('of a mutant finds the same property at the same depth, by a schedule that replays on live actors', () => {
    for (const design of [mutant('rmap-xchg/no-flush'), mutant('srcu-switch/no-grace-period')]) {
      const exploration = reduced(design, two);
      expect(verdictOf(exploration), design.id).toEqual(verdictOf(full(design, two)));
      const trace = replay(design, two, exploration.violation?.schedule ?? []);
      expect({ property: trace.violation?.property, steps: trace.steps.length }, design.id).toEqual({
        property: exploration.violation?.property,
        steps: exploration.violation?.schedule.length,
      });
    }
  });

  it('does not permute vCPUs that run different code', () => {
    const twoKinds = { vcpus: 2, pages: 1, emulatingVcpus: 1 };
    const { reductions, states } = reduced(mutant('rmap-xchg/no-flush'), twoKinds);
    expect({ reductions, states }).toEqual({
      reductions: [],
      states: full(mutant('rmap-xchg/no-flush'), twoKinds).states,
    });
  });

  it('divides the states by nearly the 6 permutations of three vCPUs', () => {
    const three = { ...two, vcpus: 3 };
    const design = mutant('rmap-xchg/no-flush');
    const [all, representatives] = [full(design, three), reduced(design, three)];
    expect(verdictOf(representatives)).toEqual(verdictOf(all));
    expect(all.states / representatives.states).toBeGreaterThan(4);
  });

  it('of another system has all of its states in its orbits', () => {
    expect(sumOfOrbitSizes(twoPhaseCommit, { rms: 4 })).toBe(full(twoPhaseCommit, { rms: 4 }).states);
    expect(verdictOf(reduced(twoPhaseCommit, { rms: 4 }))).toEqual(verdictOf(full(twoPhaseCommit, { rms: 4 })));
  });
});

describe('symmetry reduction of asymmetric properties', () => {
  const system = defineSystem({
    name: 'leaving',
    memory: () => ({ all: shared({ gone: bitmap(3) }) }),
    messages: {},
    actors: { guest: () => 3 },
    symmetry: { role: 'guest', perProcess: ['all.gone'], processSets: [], processIds: {}, payloads: [] },
  });
  const guest = system
    .actor({ events: { STEP: {} } })
    .setup({ actions: { leave: ({ context: { all, me } }) => all.gone.set(me) } })
    .createMachine({
      id: 'guest',
      initial: 'here',
      states: { here: { on: { STEP: { actions: 'leave', target: 'gone' } } }, gone: {} },
    });
  const leaving = (property: ReturnType<typeof system.properties.never>): Exploration =>
    reduced(
      defineDesign({ id: 'leaving', title: 'guests leave', system, machines: { guest }, properties: [property] }),
      {},
    );

  it('evaluates an invariant in the whole orbit, and permutes the counterexample', () => {
    const inOrder = system.properties.never(
      { id: 'in-order', description: 'the last does not leave before the first' },
      ({ all }) => all.gone.has(2) && !all.gone.has(0),
    );
    const { verdict, states, violation } = leaving(inOrder);
    expect({ verdict, states, steps: violation?.schedule.length }).toEqual({
      verdict: 'violated',
      states: 2,
      steps: 1,
    });
  });

  it('evaluates a cover in the whole orbit', () => {
    const lastOnly = system.properties.reachable(
      { id: 'last-only', description: 'the last alone has left' },
      ({ all }) => all.gone.has(2) && all.gone.count() === 1,
    );
    expect(leaving(lastOnly)).toMatchObject({ states: 4, covers: [{ id: 'last-only', hit: true }] });
  });
});

describe('symmetry reduction is refused', () => {
  const refusal = (design: AnyDesign, params: Params = two): string => {
    try {
      reduced(design, params);
    } catch (error) {
      return (error as Error).message;
    }
    return 'not refused';
  };
  const declared = (change: object | 'none'): AnyDesign => {
    const { spec, layers } = rmapXchg.system;
    const symmetry = change === 'none' ? undefined : { ...spec.symmetry, ...(change as object) };
    return { ...rmapXchg, system: new System({ ...spec, symmetry } as never, layers) };
  };
  const { perProcess = [], processSets = [] } = rmapXchg.system.spec.symmetry ?? {};

  it('if a guard compares actor ids', () => {
    expect(refusal(declared({ kindOf: undefined }), { ...two, emulatingVcpus: 1 })).toMatch(
      /^symmetry is not sound for rmap-xchg: '.*' does something else when the actors are permuted/,
    );
  });

  it('if a cell of a process is not declared, or one of no process is', () => {
    for (const missing of perProcess.filter((name) => /tlb$|inGuest/.test(name))) {
      expect(refusal(declared({ perProcess: perProcess.filter((name) => name !== missing) })), missing).toMatch(
        /not sound/,
      );
    }
    expect(refusal(declared({ processSets: processSets.filter((name) => name !== 'getDirtyLog.cpus') }))).toMatch(
      /not sound/,
    );
    expect(refusal(declared({ perProcess: [...perProcess, 'kvm.dirtyBitmap'] }))).toMatch(/not sound/);
    expect(refusal(declared({ processIds: {} }))).toMatch(/not sound/);
  });

  it('if the initial state is not symmetric', () => {
    const design = declared({ perProcess: [...perProcess, 'kvm.dirtyBitmap'] });
    expect(refusal(design, { ...two, initiallySet: 1 })).toMatch(/the initial state is not symmetric/);
  });

  it('if a message is sent between two interchangeable actors', () => {
    const system = defineSystem({
      name: 'neighbours',
      memory: () => ({}),
      messages: { HELLO: posted() },
      actors: { neighbour: () => 3 },
      symmetry: { role: 'neighbour', perProcess: [], processSets: [], processIds: {}, payloads: ['whom'] },
    });
    const neighbour = system
      .actor({ events: { GREET: { field: 'whom', size: () => 3 } } })
      .setup({
        actions: {
          greet: ({ context: { send, actors }, event }) => send('HELLO', actors.neighbour[event.whom] as number),
        },
      })
      .createMachine({
        id: 'neighbour',
        initial: 'here',
        states: { here: { on: { GREET: { actions: 'greet', target: 'gone' }, HELLO: 'gone' } }, gone: {} },
      });
    const design = defineDesign({ id: 'hello', title: 'greets', system, machines: { neighbour }, properties: [] });
    expect(refusal(design, {})).toMatch(/neighbour\d\.mailbox\.HELLO belongs to two interchangeable actors/);
  });

  it('if a step writes to another process without reading its id', () => {
    const system = defineSystem({
      name: 'friends',
      memory: () => ({ all: shared({ friends: bitmap(3) }) }),
      messages: {},
      actors: { neighbour: () => 3 },
      symmetry: { role: 'neighbour', perProcess: ['all.friends'], processSets: [], processIds: {}, payloads: [] },
    });
    const friendsOf = [1, 0, 0];
    const neighbour = system
      .actor({ events: { STEP: {} } })
      .setup({ actions: { befriend: ({ context: { all, me } }) => all.friends.set(friendsOf[me] as number) } })
      .createMachine({
        id: 'neighbour',
        initial: 'here',
        states: { here: { on: { STEP: { actions: 'befriend', target: 'gone' } } }, gone: {} },
      });
    const design = defineDesign({ id: 'friends', title: 'befriends', system, machines: { neighbour }, properties: [] });
    expect(refusal(design, {})).toMatch(/'neighbour0 STEP' does something else when the actors are permuted \(0 2 1\)/);
  });

  it('if the system declares none, or there are too many permutations', () => {
    const none = declared('none');
    expect(refusal(none)).toMatch(/its system declares no symmetry/);
    expect(refusal(rmapXchg, { ...two, vcpus: 6 })).toMatch(/there are 720 permutations of its actors, more than 120/);
  });
});
