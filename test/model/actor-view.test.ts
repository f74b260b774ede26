import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import twoPhaseCommit from '../../examples/two-phase-commit.ts';
import {
  type AnyDesign,
  bit,
  bitmap,
  breadthFirstSearch,
  compile,
  counter,
  defineDesign,
  defineSystem,
  memoise,
  type Property,
  runEngine,
  shared,
} from '../../src/index.ts';
import { symmetryReducedSearch } from '../../src/search/symmetry/symmetry-search.ts';

const system = defineSystem({
  name: 'lamp',
  memory: () => ({ room: shared({ lit: bit() }) }),
  actors: { hand: 'one', eye: () => 2 },
});
const hand = system
  .actor({ events: { STEP: {} }, registers: () => ({ presses: counter(3), tired: bit(), fingers: bitmap(2) }) })
  .setup({
    actions: {
      press: ({ context: { my, room } }) => {
        my.presses = my.presses + 1;
        my.fingers.set(1);
        room.lit.set(true);
      },
    },
  })
  .createMachine({
    id: 'hand',
    initial: 'up',
    states: {
      up: { on: { STEP: { actions: 'press', target: 'down' } } },
      down: { initial: 'firm', states: { firm: { on: { STEP: 'light' } }, light: {} } },
    },
  });
const eye = system
  .actor({ events: {} })
  .setup({ actions: {} })
  .createMachine({ id: 'eye', initial: 'open', states: { open: {} } });

type LampView = Parameters<Parameters<typeof system.properties.never>[1]>[0];

/** Evaluates an expression in the state after the hand has pressed the button. */
function afterPress<T>(evaluate: (view: LampView) => T): T {
  const design: AnyDesign = defineDesign({
    id: 'lamp',
    title: 'a lamp',
    system,
    machines: { hand, eye },
    properties: [],
  });
  const program = compile(design);
  program.reset();
  program.step(0, 0);
  return evaluate(program.instance.view as unknown as LampView);
}

describe('the view of properties', () => {
  it('tells which state an actor is in, by its path or that of an outer state', () => {
    expect(afterPress(({ inState, actors }) => inState(actors.hand, 'down.firm'))).toBe(true);
    expect(afterPress(({ inState, actors }) => inState(actors.hand, 'down'))).toBe(true);
    expect(afterPress(({ inState, actors }) => inState(actors.hand, 'up'))).toBe(false);
    expect(afterPress(({ inState, actors }) => inState(actors.nobody, 'up'))).toBe(false);
  });

  it('gives the registers of an actor, with their types if the machine is known', () => {
    const presses: number = afterPress(({ registers, actors }) => registers<typeof hand>(actors.hand).presses);
    const tired: boolean = afterPress(({ registers, actors }) => registers<typeof hand>(actors.hand).tired);
    expect([presses, tired]).toEqual([1, false]);
    expect(afterPress(({ registers, actors }) => registers(actors.hand).fingers.has(1))).toBe(true);
    // @ts-expect-error: the machine has no such register
    expect(() => afterPress(({ registers, actors }) => registers<typeof hand>(actors.hand).finger)).toThrow(
      /the actor has no such register \(did you mean 'fingers'\?\)/,
    );
  });

  it('refuses a state and an actor that are not there, and writes to registers', () => {
    expect(() => afterPress(({ inState, actors }) => inState(actors.hand, 'down.frim'))).toThrow(
      "asks whether hand is in 'down.frim', but its machine has no such state (did you mean 'down.firm'",
    );
    expect(() => afterPress(({ inState }) => inState(7, 'up'))).toThrow(/calls inState\(7\)/);
    expect(() => afterPress(({ registers, actors }) => registers(actors.nobody))).toThrow(/the registers of no actor/);
    expect(() => afterPress(({ registers, actors }) => registers(actors.hand).fingers.set(0))).toThrow(
      /writes hand\.fingers \(set\)/,
    );
    expect(() =>
      afterPress(({ registers, actors }) => {
        registers(actors.hand).presses = 0;
      }),
    ).toThrow(/writes hand\.presses \(set\)/);
  });
});

/** The part of the view of two-phase commit that random statements ask for. */
interface CommitView {
  readonly actors: { readonly transactionManager: number; readonly resourceManager: readonly number[] };
  inState(actor: number, state: string): boolean;
  registers(actor: number): { readonly awaited: { has(rm: number): boolean } };
}

type Statement = (view: CommitView) => boolean;

/** A random statement about states and registers of two-phase commit. It need not be symmetric. */
const { statement } = fc.letrec<{ statement: Statement }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(fc.nat(1), fc.constantFrom('working', 'prepared', 'committed', 'aborted')).map(
      ([rm, state]): Statement =>
        ({ inState, actors }) =>
          inState(actors.resourceManager[rm] as number, state),
    ),
    fc.nat(1).map(
      (rm): Statement =>
        ({ registers, actors }) =>
          registers(actors.transactionManager).awaited.has(rm),
    ),
    fc.tuple(tie('statement'), tie('statement')).map(
      ([one, other]): Statement =>
        (view) =>
          one(view) && other(view),
    ),
    fc.tuple(tie('statement'), tie('statement')).map(
      ([one, other]): Statement =>
        (view) =>
          one(view) || other(view),
    ),
    tie('statement').map(
      (one): Statement =>
        (view) =>
          !one(view),
    ),
  ),
}));

describe('a property of states and registers', () => {
  it('has one verdict without and with the cache, and under symmetry', () => {
    const check = (happens: Statement) => {
      const never: Property = { kind: 'invariant', id: 'never', description: '', holds: (view) => !happens(view) };
      const cover: Property = { kind: 'cover', id: 'cover', description: '', isHit: (view) => happens(view) };
      const design = (property: Property): AnyDesign => ({ ...twoPhaseCommit, properties: [property] });
      const params = { rms: 2 };
      const limits = { maxMemoryBytes: 1 << 22 };
      const engines = [
        (one: AnyDesign) => breadthFirstSearch(compile(one, params), limits),
        (one: AnyDesign) => breadthFirstSearch(memoise(compile(one, params)), limits),
        (one: AnyDesign) => symmetryReducedSearch(memoise(compile(one, params)), limits),
      ];
      const lengths = engines.map((engine) => runEngine(engine(design(never))).violation?.schedule.length);
      const [length] = lengths;
      expect(lengths).toEqual([length, length, length]);
      const hits = engines.flatMap((engine) => runEngine(engine(design(cover))).covers.map(({ hit }) => hit));
      expect(hits).toEqual(engines.map(() => length !== undefined));
    };
    fc.assert(fc.property(statement, check), { numRuns: 6 });
  });
});
