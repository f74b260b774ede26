import { describe, expect, it } from 'vitest';
import twoPhaseCommit from '../../../examples/two-phase-commit.ts';
import { designs, rmapXchg } from '../../../machines/designs.ts';
import { mutants } from '../../../machines/mutants.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/program.ts';
import { replay } from '../../../src/live/replay.ts';
import { bitmap } from '../../../src/model/cells.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { defineDesign } from '../../../src/model/design.ts';
import { posted } from '../../../src/model/messages.ts';
import { defineSystem, System, shared } from '../../../src/model/system.ts';
import { breadthFirstSearch } from '../../../src/search/bfs/breadth-first-search.ts';
import type { Exploration } from '../../../src/search/exploration.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { symmetryReducedSearch } from '../../../src/search/symmetry/symmetry-search.ts';
import { isNightly } from '../../support/nightly.ts';
import { statesStoodFor } from '../../support/orbits.ts';

type Params = Readonly<Record<string, number>>;
const full = (design: AnyDesign, params: Params): Exploration =>
  runEngine(breadthFirstSearch(memoise(compile(design, params))));
const reduced = (design: AnyDesign, params: Params): Exploration =>
  runEngine(symmetryReducedSearch(memoise(compile(design, params))));
const mutant = (id: string): AnyDesign => (mutants as readonly AnyDesign[]).find((one) => one.id === id) as AnyDesign;

const verdictOf = ({ verdict, depth, covers, violation }: Exploration) => ({
  verdict,
  depth,
  covers: verdict === 'holds' ? covers : [],
  property: violation?.property,
});

const two = { vcpus: 2, pages: 1, emulatingVcpus: 0 };

/** By night all designs and mutants, from before the log is switched on; store buffers do not change places. */
const all: readonly AnyDesign[] = designs;
const triedAt = isNightly ? two : { ...two, loggingOn: 1 };
const tried = isNightly
  ? [...all, ...mutants].filter(({ memoryModel }) => memoryModel !== 'tso')
  : all.filter(({ id }) => /^(ad-bits|rmap-xchg-handshake)$/.test(id));

describe('a search by symmetry', () => {
  for (const design of tried) {
    it(`of ${design.id} comes to the same verdict and covers, and its states stand for all states`, () => {
      const found = full(design, triedAt);
      expect(verdictOf(reduced(design, triedAt))).toEqual(verdictOf(found));
      if (found.verdict === 'holds') expect(statesStoodFor(design, triedAt)).toBe(found.states);
    });
  }

  it('leaves cells where they are that stand behind those of the vCPUs in their list', () => {
    const withWriter = { ...two, loggingOn: 1, hostWriters: 1 };
    const found = full(rmapXchg, withWriter);
    expect(verdictOf(reduced(rmapXchg, withWriter))).toEqual(verdictOf(found));
    expect(statesStoodFor(rmapXchg, withWriter)).toBe(found.states);
  });

  it('of a mutant comes to the same property at the same depth, by a schedule that happens on live actors', () => {
    for (const design of [mutant('rmap-xchg/no-flush'), mutant('srcu-switch/no-grace-period')]) {
      const found = reduced(design, two);
      expect(verdictOf(found), design.id).toEqual(verdictOf(full(design, two)));
      const trace = replay(design, two, found.violation?.schedule ?? []);
      expect({ property: trace.violation?.property, steps: trace.steps.length }, design.id).toEqual({
        property: found.violation?.property,
        steps: found.violation?.schedule.length,
      });
    }
  });

  it('keeps vCPUs apart that run different code', () => {
    const one = { vcpus: 2, pages: 1, emulatingVcpus: 1 };
    const { reductions, states } = reduced(mutant('rmap-xchg/no-flush'), one);
    expect({ reductions, states }).toEqual({ reductions: [], states: full(mutant('rmap-xchg/no-flush'), one).states });
  });

  it('divides by nearly the number of orders of three vCPUs', () => {
    const three = { ...two, vcpus: 3 };
    const design = mutant('rmap-xchg/no-flush');
    const [all, few] = [full(design, three), reduced(design, three)];
    expect(verdictOf(few)).toEqual(verdictOf(all));
    expect(all.states / few.states).toBeGreaterThan(4);
  });

  it('of another system stands for all of its states as well', () => {
    expect(statesStoodFor(twoPhaseCommit, { rms: 4 })).toBe(full(twoPhaseCommit, { rms: 4 }).states);
    expect(verdictOf(reduced(twoPhaseCommit, { rms: 4 }))).toEqual(verdictOf(full(twoPhaseCommit, { rms: 4 })));
  });
});

describe('of properties that tell actors apart', () => {
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

  it('an invariant has to hold whatever becomes of a state, and what breaks it is renamed', () => {
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

  it('a cover is hit if something shows it that becomes of a state', () => {
    const lastOnly = system.properties.reachable(
      { id: 'last-only', description: 'the last alone has left' },
      ({ all }) => all.gone.has(2) && all.gone.count() === 1,
    );
    expect(leaving(lastOnly)).toMatchObject({ states: 4, covers: [{ id: 'last-only', hit: true }] });
  });
});

describe('symmetry is refused', () => {
  const refusal = (design: AnyDesign, params: Params = two): string => {
    try {
      reduced(design, params);
    } catch (error) {
      return (error as Error).message;
    }
    return 'not refused';
  };
  const declared = (change: object): AnyDesign => {
    const { spec } = rmapXchg.system;
    return { ...rmapXchg, system: new System({ ...spec, symmetry: { ...spec.symmetry, ...change } } as never) };
  };
  const { perProcess = [], processSets = [] } = rmapXchg.system.spec.symmetry ?? {};

  it('where a guard compares numbers of actors', () => {
    expect(refusal(declared({ kindOf: undefined }), { ...two, emulatingVcpus: 1 })).toMatch(
      /^symmetry is not sound for rmap-xchg: '.*' does something else when the actors change places/,
    );
  });

  it('where a cell that belongs to an actor is not declared, or one is that does not', () => {
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

  it('where the initial state tells actors apart', () => {
    const design = declared({ perProcess: [...perProcess, 'kvm.dirtyBitmap'] });
    expect(refusal(design, { ...two, initiallySet: 1 })).toMatch(/actors differ in the initial state/);
  });

  it('where a message stands between two actors that may change places', () => {
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
    expect(refusal(design, {})).toMatch(/neighbour\d\.mailbox\.HELLO stands between two actors/);
  });

  it('where what a step writes depends on the order of actors that it does not look at', () => {
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
    expect(refusal(design, {})).toMatch(
      /'neighbour0 STEP' does something else when the actors change places \(0 2 1\)/,
    );
  });

  it('where the system declares none, and where there are too many orders to try', () => {
    const none = { ...rmapXchg, system: new System({ ...rmapXchg.system.spec, symmetry: undefined } as never) };
    expect(refusal(none)).toMatch(/its system declares no actors that may change places/);
    expect(refusal(rmapXchg, { ...two, vcpus: 6 })).toMatch(/there are 720 ways to rename at this size/);
  });
});
