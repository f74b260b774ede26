import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { tableDispatch } from '../../src/compile/dispatch.ts';
import { generatedDispatch } from '../../src/compile/dispatch-codegen.ts';
import { StepOutcome } from '../../src/compile/program.ts';
import { counter, defineDesign, defineSystem, LiveSystem, owned, rendezvous, shared } from '../../src/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { PrecopyError } from '../../src/model/errors.ts';
import { walkInLockstep } from '../support/lockstep.ts';
import { type ToySpec, toy } from '../support/toys.ts';

/** All sequences of three choices between two events. */
const allNumbers = Array.from({ length: 8 }, (_, n) => [n & 1, (n >> 1) & 1, (n >> 2) & 1]);

/** Expects the compiler to do what xstate does, or to refuse; whether it refuses. */
function expectAgreement(design: AnyDesign): 'refused' | 'taken' {
  try {
    compile(design);
  } catch (error) {
    if (error instanceof PrecopyError && error.code === 'UNSUPPORTED_FEATURE') return 'refused';
    throw error;
  }
  for (const dispatch of [tableDispatch, generatedDispatch]) {
    for (const numbers of allNumbers) walkInLockstep(design, {}, numbers, { dispatch });
  }
  return 'taken';
}

// biome-ignore lint/suspicious/noExplicitAny: what xstate calls an action or a guard with parameters with
const putB = ({ context: { toy } }: any, value: number): void => toy.b.set(value);
// biome-ignore lint/suspicious/noExplicitAny: as above
const bIs = ({ context: { toy } }: any, value: number): boolean => toy.b.get() === value;

describe('the compiler takes, and does as xstate does', () => {
  const taken: Record<string, ToySpec> = {
    'an empty list of transitions, which leaves the event to the states around': {
      states: { p: { initial: 'x', on: { E: { actions: 'incA' } }, states: { x: { on: { E: [] } } } } },
    },
    'a transition of a state before one of the states around': {
      states: {
        p: {
          initial: 'x',
          on: { E: { actions: 'incA' }, F: { actions: 'incA' } },
          states: { x: { on: { E: { guard: 'aIsZero', actions: 'incB' }, F: { guard: 'never', target: 'x' } } } },
        },
      },
    },
    'a transition onto the own state, which enters it again only when it says so': {
      states: {
        s: { entry: 'incA', exit: 'incB', on: { E: 's', F: { target: 's', reenter: true } } },
      },
    },
    'a transition of a compound state to a state inside, with and without entering it again': {
      states: {
        p: {
          initial: 'x',
          entry: 'incA',
          exit: 'incB',
          on: { E: '.y', F: { target: '.y', reenter: true } },
          states: { x: { exit: 'incA' }, y: { entry: 'incB' } },
        },
      },
    },
    'entry from the outside in and exit from the inside out': {
      actions: { double: ({ context: { toy } }) => toy.a.set((toy.a.get() * 2) % 7) },
      states: {
        s: { on: { E: 'p', F: '#it.p.q.y' } },
        p: {
          initial: 'q',
          entry: 'incA',
          exit: 'double',
          states: {
            q: { initial: 'x', entry: 'double', exit: 'incA', states: { x: { entry: 'incA', exit: 'setA' }, y: {} } },
          },
          on: { E: 's', F: 's' },
        },
      },
    },
    'eventless transitions that follow each other': {
      states: {
        s: { on: { E: 't' } },
        t: {
          always: [
            { guard: 'never', target: 's' },
            { actions: 'incA', target: 'u' },
          ],
        },
        u: { exit: 'incB', always: { guard: 'aIsBelow3', target: 't' }, on: { F: 's' } },
      },
    },
    'a final state inside of a compound state': {
      states: { p: { initial: 'x', states: { x: { on: { E: 'f' } }, f: { type: 'final' } }, on: { F: '.x' } } },
    },
    'a final state': { states: { s: { on: { E: 'f', F: { actions: 'incA' } } }, f: { type: 'final', entry: 'incB' } } },
    'actions and guards with parameters': {
      actions: { put: putB as never },
      guards: { bIs: bIs as never },
      states: {
        s: {
          on: {
            E: [
              { guard: { type: 'bIs', params: 3 }, actions: { type: 'put', params: () => 5 } },
              { actions: { type: 'put', params: 3 } },
            ],
          },
        },
      },
    },
    'a fault in an action, and in a guard': {
      states: { s: { on: { E: { actions: ['setA', 'tooMuch'] }, F: { guard: 'faulty', target: 's' } } } },
      actions: { tooMuch: ({ context: { toy } }) => toy.a.set(8) },
      guards: { faulty: ({ context: { toy } }) => toy.a.get() === 0 || toy.a.set(-1) },
    },
    'a fault when the actor starts': {
      states: { s: { entry: 'tooMuch', on: { E: 's' } } },
      actions: { tooMuch: ({ context: { toy } }) => toy.a.set(8) },
    },
  };
  for (const [what, spec] of Object.entries(taken)) it(what, () => expect(expectAgreement(toy(spec))).toBe('taken'));
});

describe('the compiler does as xstate does, or refuses', () => {
  const corners: Record<string, ToySpec> = {
    'a transition that does nothing': { states: { s: { on: { E: {}, F: 't' } }, t: { on: { E: 's' } } } },
    'a transition that does nothing and hides one of a state around': {
      states: {
        p: { initial: 'x', on: { E: { actions: 'incA' } }, states: { x: { on: { E: { guard: 'aIsZero' } } } } },
      },
    },
    'an eventless transition to a state inside, from there': {
      states: {
        s: { on: { E: 'p' } },
        p: { initial: 'x', always: { guard: 'aIsBelow3', actions: 'incA', target: '.x' }, states: { x: {} } },
      },
    },
    'an eventless transition to the state around, which leads back': {
      states: {
        s: { on: { E: 'p' } },
        p: { initial: 'x', states: { x: { always: { guard: 'aIsBelow3', actions: 'incA', target: '#it.p' } } } },
      },
    },
    'an eventless transition at the start, whose guard reads what an entry action wrote': {
      states: {
        s: { entry: 'setA', always: { guard: 'aIsZero', target: 't' }, on: { E: 's' } },
        t: { on: { F: 't' } },
      },
    },
    'a transition of the root, in a final state': {
      root: { on: { F: { actions: 'incA' } } },
      states: { s: { on: { E: 'f' } }, f: { type: 'final' } },
    },
    'an eventless guard that reads the event, around a final state': {
      states: {
        s: { on: { E: 'p' } },
        p: {
          initial: 'f',
          states: { f: { type: 'final' } },
          always: { guard: 'fromNobody', actions: 'incA', target: 's' },
        },
      },
      guards: { fromNobody: ({ event }) => event.from === undefined },
    },
    'a transition onto the root, which has an entry action': {
      root: { entry: 'incA' },
      states: { s: { on: { E: '#it', F: { target: '#it', reenter: true } } } },
    },
  };
  for (const [what, spec] of Object.entries(corners)) it(what, () => void expectAgreement(toy(spec)));
});

it('an entry action at the start that reads who sent the event is refused, compiled and live', () => {
  const design = toy({ states: { s: { entry: 'noteSender', on: { E: 's' } } } });
  const refused = "the action 'noteSender' reads 'from', but the event xstate.init has no such field";
  expect(() => compile(design).reset()).toThrow(refused);
  expect(() => new LiveSystem(design)).toThrow(refused);
});

describe('what goes on for ever ends as a fault, compiled and live', () => {
  it('eventless transitions', () => {
    let evaluations = 0;
    const design = toy({
      states: {
        s: { on: { E: 'a' } },
        a: { always: { guard: 'goesOn', target: 'b' } },
        b: { always: { guard: 'goesOn', target: 'a' } },
      },
      // It gives up in the end, so that this test ends where the live actor goes round for ever.
      guards: { goesOn: () => ++evaluations < 50_000 },
    });
    const program = compile(design);
    program.reset();
    expect(program.step(0, 0)).toBe(StepOutcome.fault);
    evaluations = 0;
    const live = new LiveSystem(design);
    live.take({ event: 0, payload: 0 });
    expect(live.fault).toBeDefined();
    expect(evaluations).toBeLessThan(50_000);
  });

  it('two actors that answer each other by rendezvous', () => {
    let messages = 0;
    const system = defineSystem({
      name: 'ping-pong',
      memory: () => ({}),
      messages: { BALL: rendezvous() },
      actors: { one: 'one', two: 'one' },
    });
    const player = system
      .actor({ events: { SERVE: {} } })
      .setup({
        actions: {
          hit: ({ context: { send, me } }) => {
            if (++messages < 50_000) send('BALL', 1 - me);
          },
        },
      })
      .createMachine({
        id: 'player',
        initial: 'at',
        states: {
          at: {
            on: { SERVE: { actions: 'hit', meta: { coarse: 'all messages in one step' } }, BALL: { actions: 'hit' } },
          },
        },
      });
    const design = defineDesign({
      id: 'ping-pong',
      title: 'p',
      system,
      machines: { one: player, two: player },
      properties: [],
    });
    const program = compile(design);
    program.reset();
    expect(program.step(0, 0)).toBe(StepOutcome.fault);
    messages = 0;
    const live = new LiveSystem(design);
    live.take({ event: 0, payload: 0 });
    expect(live.fault).toBeDefined();
  });
});

describe('compiled and live agree on how much is without end', () => {
  const ends = (design: AnyDesign): { compiled: boolean; live: boolean } => {
    const program = compile(design);
    program.reset();
    const live = new LiveSystem(design);
    live.take({ event: 0, payload: 0 });
    return { compiled: program.step(0, 0) === StepOutcome.fault, live: live.fault !== undefined };
  };

  it.each([998, 999, 1000, 1001, 1002])('%i eventless transitions', (count) => {
    const system = defineSystem({
      name: 'steps',
      memory: () => ({ m: owned({ n: counter(2000) }) }),
      actors: { it: 'one' },
    });
    const it = system
      .actor({ events: { GO: {} } })
      .setup({
        actions: { step: ({ context: { m } }) => m.n.set(m.n.get() + 1) },
        guards: { goesOn: ({ context: { m } }) => m.n.get() < count },
      })
      .createMachine({
        id: 'it',
        initial: 's',
        states: {
          s: { on: { GO: 'a' } },
          a: { always: { guard: 'goesOn', actions: 'step', target: 'b' } },
          b: { always: { guard: 'goesOn', actions: 'step', target: 'a' } },
        },
      });
    const design = defineDesign({ id: 'steps', title: 's', system, machines: { it }, properties: [] });
    const { compiled, live } = ends(design);
    expect(compiled).toBe(live);
    expect(compiled).toBe(count > 1000);
  });

  it.each([9_999, 10_000, 10_001])('%i messages by rendezvous', (count) => {
    const system = defineSystem({
      name: 'messages',
      memory: () => ({ m: shared({ n: counter(20_000) }) }),
      messages: { BALL: rendezvous() },
      actors: { one: 'one', two: 'one' },
    });
    const player = system
      .actor({ events: { SERVE: {} } })
      .setup({
        actions: {
          hit: ({ context: { m, send, me } }) => {
            if (m.n.get() === count) return;
            m.n.set(m.n.get() + 1);
            send('BALL', 1 - me);
          },
        },
      })
      .createMachine({
        id: 'player',
        initial: 'at',
        states: {
          at: {
            on: { SERVE: { actions: 'hit', meta: { coarse: 'all messages in one step' } }, BALL: { actions: 'hit' } },
          },
        },
      });
    const design = defineDesign({
      id: 'messages',
      title: 'm',
      system,
      machines: { one: player, two: player },
      properties: [],
    });
    const { compiled, live } = ends(design);
    expect(compiled).toBe(live);
    expect(compiled).toBe(count > 10_000);
  });
});
