import { describe, expect, it } from 'vitest';
import { and, assign, createActor, createMachine, not, or, raise, setup, stateIn } from 'xstate';
import {
  classifyGuard,
  coarseReasonOf,
  eventlessBound,
  initEvent,
  inspectedAction,
  isBuiltInAction,
  isDoneEvent,
  isInternalEvent,
  namedAction,
  namedGuard,
} from '../../src/model/xstate-internals.ts';

describe('xstate, on the inside,', () => {
  it('marks the combinators of guards by `check` and `guards`', () => {
    const guard = (combined: unknown) => classifyGuard(combined as () => boolean);
    expect(guard(and(['a', 'b']))).toEqual({ kind: 'and', guards: ['a', 'b'] });
    expect(guard(or(['a', 'b']))).toEqual({ kind: 'or', guards: ['a', 'b'] });
    expect(guard(not('a'))).toEqual({ kind: 'not', guards: ['a'] });
    expect(guard(stateIn('s'))).toEqual({ kind: 'unknown' });
    const holds = (): boolean => true;
    expect(guard(holds)).toEqual({ kind: 'predicate', holds });
  });

  it('marks built-in actions by `resolve`', () => {
    expect([assign({}), raise({ type: 'E' })].map(isBuiltInAction)).toEqual([true, true]);
    expect(isBuiltInAction(() => undefined)).toBe(false);
  });

  it('keeps implementations by name', () => {
    const act = (): void => undefined;
    const is = (): boolean => true;
    const machine = setup({ actions: { act }, guards: { is } }).createMachine({});
    expect(namedAction(machine, 'act')).toBe(act);
    expect(namedGuard(machine, 'is')).toBe(is);
  });

  it('starts with the init event, and reports each action that runs', () => {
    const started: string[] = [];
    const ran: (string | undefined)[] = [];
    const machine = setup({
      actions: { enter: ({ event }) => void started.push(event.type), act: () => undefined },
    }).createMachine({ entry: 'enter', on: { E: { actions: 'act' } } });
    const actor = createActor(machine, { inspect: (event) => void ran.push(inspectedAction(event)) }).start();
    actor.send({ type: 'E' });
    expect(started).toEqual([initEvent]);
    expect(ran.filter((name) => name !== undefined)).toEqual(['enter', 'act']);
  });

  it('names the events of onDone and after', () => {
    const machine = createMachine({
      initial: 's',
      states: { s: { initial: 'f', states: { f: { type: 'final' } }, after: { 1: 't' }, onDone: 't' }, t: {} },
    });
    const events = [...(machine.states['s']?.transitions.keys() ?? [])];
    expect(events.map(isInternalEvent)).toEqual([true, true]);
    expect(events.map(isDoneEvent).sort()).toEqual([false, true]);
  });

  it('keeps meta of a transition', () => {
    const machine = createMachine({ on: { E: { actions: () => undefined, meta: { coarse: 'why' } } } });
    const [transition] = machine.root.transitions.get('E') ?? [];
    expect(transition && coarseReasonOf(transition)).toBe('why');
  });

  it.each([
    [9, false],
    [10, false],
    [11, true],
  ])('bounds %i eventless transitions by the option for 10: refused %s', (count, isRefused) => {
    let taken = 0;
    const next = (target: string) => ({ guard: () => taken < count, actions: () => void taken++, target });
    const machine = createMachine({
      options: eventlessBound(10),
      initial: 'idle',
      states: { idle: { on: { E: 's' } }, s: { always: next('t') }, t: { always: next('s') } },
    } as object);
    let isFailed = false;
    const actor = createActor(machine);
    actor.subscribe({
      error: () => {
        isFailed = true;
      },
    });
    actor.start();
    actor.send({ type: 'E' });
    expect(isFailed).toBe(isRefused);
  });
});
