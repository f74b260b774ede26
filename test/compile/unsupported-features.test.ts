import { describe, expect, it } from 'vitest';
import {
  type AnyStateMachine,
  and,
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  fromPromise,
  log,
  not,
  raise,
  sendTo,
  setup,
  spawnChild,
  stateIn,
  stopChild,
} from 'xstate';
import { compileTables } from '../../src/compile/transition-tables.ts';
import { PrecopyError } from '../../src/model/errors.ts';

/** A machine called `m` with an action `act` and a guard `isSo`; what is in it need not be allowed. */
function machine(config: object): AnyStateMachine {
  return setup({
    actions: { act: () => undefined },
    guards: { isSo: () => true },
    actors: { job: fromPromise(async () => undefined) },
  }).createMachine({ id: 'm', ...config } as never) as unknown as AnyStateMachine;
}

/** A machine whose state `here` is as given. */
const withState = (here: object): AnyStateMachine => machine({ initial: 'here', states: { here, there: {} } });

/** A machine whose state `here` takes `E` as given. */
const onE = (transition: object): AnyStateMachine => withState({ on: { E: transition } });

function refusalOf(statechart: AnyStateMachine): PrecopyError {
  try {
    compileTables(statechart);
  } catch (error) {
    if (error instanceof PrecopyError) return error;
    throw error;
  }
  throw new Error('the compiler takes it');
}

function expectRefusal(statechart: AnyStateMachine, state: string, feature: string): void {
  const { code, message, remedy } = refusalOf(statechart);
  expect(message).toBe(`machine 'm', state '${state}': ${feature} is not supported`);
  expect(code).toBe('UNSUPPORTED_FEATURE');
  expect(remedy).toMatch(/; docs\/from-xstate\.md says how to carry it over$/);
}

const job = { src: 'job', id: 'job' };

describe('the compiler refuses', () => {
  it('a parallel state', () =>
    expectRefusal(withState({ type: 'parallel', states: { a: {}, b: {} } }), 'here', 'a parallel state'));

  it('a parallel root', () =>
    expectRefusal(machine({ type: 'parallel', states: { a: {}, b: {} } }), 'm', 'a parallel state'));

  it('a history state', () =>
    expectRefusal(withState({ initial: 'a', states: { a: {}, h: { type: 'history' } } }), 'here.h', 'a history state'));

  it('invoke', () => expectRefusal(withState({ invoke: job }), 'here', 'invoke'));

  it('after', () => expectRefusal(withState({ after: { 100: 'there' } }), 'here', 'after (a delayed transition)'));

  it.each([
    ['assign', assign({}), 'xstate.assign'],
    ['raise', raise({ type: 'F' }), 'xstate.raise'],
    ['sendTo', sendTo('other', { type: 'F' }), 'xstate.sendTo'],
    ['spawnChild', spawnChild('job', { id: 'job' }), 'xstate.spawnChild'],
    ['stopChild', stopChild('job'), 'xstate.stopChild'],
    ['enqueueActions', enqueueActions(() => undefined), 'xstate.enqueueActions'],
    ['cancel', cancel('id'), 'xstate.cancel'],
    ['emit', emit({ type: 'F' }), 'xstate.emit'],
    ['log', log('text'), 'xstate.log'],
  ])('%s, wherever it is', (_, action, feature) => {
    expectRefusal(onE({ actions: action }), 'here', feature);
    expectRefusal(withState({ entry: action }), 'here', feature);
    expectRefusal(withState({ exit: action }), 'here', feature);
    expectRefusal(withState({ always: { target: 'there', actions: action } }), 'here', feature);
    expectRefusal(machine({ initial: 's', entry: action, states: { s: {} } }), 'm', feature);
  });

  it('a built-in action behind a name', () => {
    const statechart = setup({ actions: { change: assign({}) } }).createMachine({
      id: 'm',
      initial: 's',
      states: { s: { entry: 'change' } },
    });
    expectRefusal(statechart as unknown as AnyStateMachine, 's', 'xstate.assign');
  });

  it('a wildcard', () => expectRefusal(withState({ on: { '*': 'there' } }), 'here', "the wildcard '*'"));

  it('a partial wildcard', () => expectRefusal(withState({ on: { 'io.*': 'there' } }), 'here', "the wildcard 'io.*'"));

  it('onDone', () =>
    expectRefusal(withState({ initial: 'a', states: { a: { type: 'final' } }, onDone: '#m.there' }), 'here', 'onDone'));

  it('an event of xstate itself', () =>
    expectRefusal(withState({ on: { 'xstate.init': 'there' } }), 'here', "the event 'xstate.init'"));

  it('a forbidden transition', () =>
    expectRefusal(withState({ on: { E: undefined } }), 'here', 'a forbidden transition (E: undefined)'));

  it('the guard stateIn', () =>
    expectRefusal(onE({ guard: stateIn('there'), target: 'there' }), 'here', 'the guard stateIn'));

  it('the guard stateIn inside of other guards', () =>
    expectRefusal(onE({ guard: and(['isSo', not(stateIn('there'))]), target: 'there' }), 'here', 'the guard stateIn'));

  it('an action without implementation', () => {
    const feature = "the action 'nothing', which has no implementation,";
    expectRefusal(onE({ actions: 'nothing' }), 'here', feature);
    expectRefusal(onE({ actions: { type: 'nothing' } }), 'here', feature);
    expectRefusal(withState({ exit: 'nothing' }), 'here', feature);
  });

  it('a guard without implementation', () => {
    const feature = "the guard 'nothing', which has no implementation,";
    expectRefusal(onE({ guard: 'nothing', target: 'there' }), 'here', feature);
    expectRefusal(onE({ guard: { type: 'nothing' }, target: 'there' }), 'here', feature);
    expectRefusal(onE({ guard: not('nothing'), target: 'there' }), 'here', feature);
  });

  it('several targets', () =>
    expectRefusal(onE({ target: ['here', 'there'] }), 'here', 'a transition with several targets'));

  it('an exit action of a final state', () =>
    expectRefusal(withState({ type: 'final', exit: 'act' }), 'here', 'an exit action of a final state'));

  it('an exit action of the root', () =>
    expectRefusal(machine({ initial: 's', exit: 'act', states: { s: {} } }), 'm', 'an exit action of the root'));

  it('an action of the initial transition', () =>
    expectRefusal(
      withState({ initial: { target: 'a', actions: 'act' }, states: { a: {} } }),
      'here',
      'an action of the initial transition',
    ));

  it('always without a target', () =>
    expectRefusal(withState({ always: { actions: 'act' } }), 'here', 'always without a target'));

  it('always onto the state itself', () =>
    expectRefusal(withState({ always: { guard: 'isSo', target: 'here' } }), 'here', 'always onto the state itself'));

  it('always onto a state around or inside', () => {
    const feature = 'always onto a state around or inside';
    expectRefusal(
      machine({ initial: 's', states: { s: {}, p: { initial: 'a', always: '.b', states: { a: {}, b: {} } } } }),
      'p',
      feature,
    );
    expectRefusal(
      machine({ initial: 's', states: { s: {}, p: { initial: 'a', states: { a: { always: '#m.p' } } } } }),
      'p.a',
      feature,
    );
  });

  it('always in a state where the machine starts', () => {
    const feature = 'always in a state where the machine starts';
    expectRefusal(withState({ always: { guard: 'isSo', target: 'there' } }), 'here', feature);
    expectRefusal(withState({ initial: 'a', states: { a: { always: '#m.there' } } }), 'here.a', feature);
  });

  it('always around a final state', () =>
    expectRefusal(
      machine({ initial: 's', states: { s: {}, p: { initial: 'a', always: 's', states: { a: { type: 'final' } } } } }),
      'p',
      'always around a final state',
    ));

  it('a transition that does nothing', () => {
    expectRefusal(onE({}), 'here', 'a transition that does nothing (E)');
    expectRefusal(onE([{ guard: 'isSo' }, { target: 'there' }]), 'here', 'a transition that does nothing (E)');
  });

  it('a transition onto the root', () => {
    expectRefusal(onE({ target: '#m' }), 'here', 'a transition onto the root');
    expectRefusal(onE({ target: '#m', reenter: true }), 'here', 'a transition onto the root');
  });

  it('reenter at the root', () =>
    expectRefusal(
      machine({ initial: 's', states: { s: {} }, on: { E: { target: '.s', reenter: true } } }),
      'm',
      'reenter at the root',
    ));

  it('a transition deep inside, by the path of its state', () =>
    expectRefusal(
      withState({ initial: 'a', states: { a: { initial: 'b', states: { b: { on: { '*': '#m.there' } } } } } }),
      'here.a.b',
      "the wildcard '*'",
    ));
});

describe('the compiler takes', () => {
  it('atomic, compound and final states, on, always, guards, entry, exit and custom actions', () => {
    const { leaves, transitions } = compileTables(
      machine({
        initial: 'one',
        states: {
          one: {
            entry: 'act',
            exit: ['act', () => undefined],
            on: {
              E: [{ guard: and(['isSo', not('isSo')]), target: 'two.b' }, { actions: 'act' }],
              F: { target: 'one', reenter: true },
            },
          },
          two: { initial: 'a', always: { guard: 'isSo', target: '#m.end' }, states: { a: {}, b: { on: { E: 'a' } } } },
          end: { type: 'final' },
        },
      }),
    );
    expect(leaves).toEqual(['one', 'two.a', 'two.b', 'end']);
    expect(transitions.map(({ source, event, index, target }) => [source, event, index, target])).toEqual([
      ['one', 'E', 0, 'two.b'],
      ['one', 'E', 1, undefined],
      ['two.b', 'E', 0, 'two.a'],
      ['one', 'F', 0, 'one'],
      ['two', '', 0, 'end'],
    ]);
  });

  it('a machine of xstate that was made without setup', () => {
    const statechart = createMachine({ id: 'm', initial: 's', states: { s: { on: { E: 's' } } } });
    expect(compileTables(statechart).leaves).toEqual(['s']);
  });
});
