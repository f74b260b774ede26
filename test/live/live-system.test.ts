import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../machines/designs/index.ts';
import {
  counter,
  defineDesign,
  defineSystem,
  LiveSystem,
  PrecopyError,
  posted,
  rendezvous,
  replay,
  shared,
} from '../../src/index.ts';
import type { Choice } from '../../src/model/choices.ts';
import { eventName } from '../../src/model/events.ts';
import { always, noDeadlock, toy } from '../support/toys.ts';

/** Two actors: `left` posts and asks, `right` answers, and notes in shared memory how often. */
const system = defineSystem({
  name: 'talk',
  memory: () => ({ m: shared({ notes: counter(9) }) }),
  messages: { LETTER: posted(), ASK: rendezvous('n'), ANSWER: rendezvous('n') },
  actors: { left: 'one', right: 'one' },
});
const coarse = 'a note is loaded and stored at once, as nobody else notes anything';
const left = system
  .actor({ events: { POST: {}, ASK_TWICE: {}, SAY: { field: 'n', size: () => 3 } } })
  .setup({
    actions: {
      post: ({ context: { send, actors } }) => send('LETTER', actors.right),
      ask: ({ context: { send, actors } }) => send('ASK', actors.right, { n: 1 }),
      askAgain: ({ context: { send, actors } }) => send('ASK', actors.right, { n: 2 }),
      note: ({ context: { m }, event }) => m.notes.set(m.notes.get() * 2 + event.n),
    },
    guards: { isOdd: ({ event }) => event.n % 2 === 1 },
  })
  .createMachine({
    id: 'left',
    initial: 'talks',
    states: {
      talks: {
        on: {
          POST: { actions: 'post' },
          ASK_TWICE: { actions: ['ask', 'askAgain'], target: 'listens' },
          SAY: { guard: 'isOdd', actions: 'note', meta: { coarse } },
        },
      },
      listens: { on: { ANSWER: { actions: 'note', meta: { coarse } } } },
    },
  });
const right = system
  .actor({ events: {} })
  .setup({
    actions: {
      answer: ({ context: { send, actors }, event }) => send('ANSWER', actors.left, { n: event.n }),
      note: ({ context: { m } }) => m.notes.set(m.notes.get() + 1),
    },
  })
  .createMachine({
    id: 'right',
    initial: 'here',
    states: { here: { on: { LETTER: { actions: 'note', meta: { coarse } }, ASK: { actions: 'answer' } } } },
  });
const talk = defineDesign({ id: 'talk', title: 'talk', system, machines: { left, right }, properties: [] });

/** A live system, and its choices by name. */
function start(): { live: LiveSystem; enabled: () => string[]; choice: (name: string) => Choice } {
  const live = new LiveSystem(talk);
  const nameOf = ({ event, payload }: Choice): string => eventName(live.instance, live.events[event] as never, payload);
  const choices = live.events.flatMap(({ id, domain }) =>
    Array.from({ length: domain }, (_, payload) => ({ event: id, payload })),
  );
  return {
    live,
    enabled: () => live.enabled().map(nameOf),
    choice: (name) => choices.find((choice) => nameOf(choice) === name) as Choice,
  };
}

describe('live actors', () => {
  it('offer what their states and guards allow, in the order of events and payloads', () => {
    expect(start().enabled()).toEqual(['left POST', 'left ASK_TWICE', 'left SAY n=1']);
  });

  it('do nothing by themselves: a posted message waits until its delivery is chosen', () => {
    const { live, enabled, choice } = start();
    live.take(choice('left POST'));
    expect(enabled()).toContain('right takes LETTER from left');
    live.take(choice('left SAY n=1'));
    expect(enabled()).toContain('right takes LETTER from left');
    live.take(choice('right takes LETTER from left'));
    expect(enabled()).not.toContain('right takes LETTER from left');
  });

  it('take a posted message once, however often it was posted before', () => {
    const { live, enabled, choice } = start();
    live.take(choice('left POST'));
    live.take(choice('left POST'));
    expect(live.take(choice('right takes LETTER from left')).moves).toHaveLength(1);
    expect(enabled()).not.toContain('right takes LETTER from left');
    live.take(choice('left POST'));
    live.take(choice('right takes LETTER from left'));
    expect(enabled()).not.toContain('right takes LETTER from left');
  });

  it('take messages by rendezvous within the step of the sender, after its transition and in the order of sending', () => {
    const { live, choice } = start();
    const { moves } = live.take(choice('left ASK_TWICE'));
    expect(moves.map(({ actor, event, from, before, after }) => [actor, event, from, before, after])).toEqual([
      [0, 'ASK_TWICE', 0, 'talks', 'listens'],
      [1, 'ASK', 0, 'here', 'here'],
      [1, 'ASK', 0, 'here', 'here'],
      [0, 'ANSWER', 1, 'listens', 'listens'],
      [0, 'ANSWER', 1, 'listens', 'listens'],
    ]);
    expect(live.instance.cells.find(({ plain }) => plain.name === 'm.notes')?.plain.show()).toBe('4');
  });

  it('tell what a message carries that they take', () => {
    const { live, choice } = start();
    const [said] = live.take(choice('left SAY n=1')).moves;
    expect(said).not.toHaveProperty('fields');
    const { moves } = live.take(choice('left ASK_TWICE'));
    expect(moves.map(({ fields }) => fields)).toEqual([undefined, { n: 1 }, { n: 2 }, { n: 1 }, { n: 2 }]);
  });

  it('tell of each move its actions, its accesses and what it sent', () => {
    const { live, choice } = start();
    live.take(choice('left SAY n=1'));
    const step = live.take(choice('left ASK_TWICE'));
    expect(step).toMatchObject({ actor: 0, event: 'ASK_TWICE' });
    expect(step.moves[0]?.actions).toEqual(['ask', 'askAgain']);
    expect(step.moves[0]?.sent).toEqual([
      { type: 'ASK', to: 1, posted: false },
      { type: 'ASK', to: 1, posted: false },
    ]);
    const access = { cell: 'm.notes', region: 'shared' };
    expect(step.moves[3]?.accesses).toEqual([
      { ...access, operation: 'get', kind: 'load', before: '1', after: '1' },
      { ...access, operation: 'set', kind: 'store', before: '1', after: '3' },
    ]);
  });

  it('tell what a guard read, once', () => {
    const live = new LiveSystem(toy({ states: { s: { on: { E: { guard: 'aIsZero', actions: 'setA' } } } } }));
    live.enabled();
    const [move] = live.take({ event: 0, payload: 0 }).moves;
    expect(move?.accesses.map(({ operation }) => operation)).toEqual(['get', 'set']);
    live.enabled();
    expect(move?.accesses).toHaveLength(2);
  });

  it('tell the payload of an event, and the sender of a delivery', () => {
    const { live, choice } = start();
    expect(live.take(choice('left SAY n=1'))).toMatchObject({ payload: { field: 'n', value: 1 } });
    live.take(choice('left POST'));
    const delivery = live.take(choice('right takes LETTER from left'));
    expect(delivery).toMatchObject({ actor: 1, event: 'LETTER', from: 0 });
    expect(delivery).not.toHaveProperty('payload');
  });

  it.each([
    ['that a guard refuses', 'left SAY n=2'],
    ['of a message that is not pending', 'right takes LETTER from left'],
  ])('refuse a choice %s, and stay as they are', (_, name) => {
    const { live, choice } = start();
    const before = Int32Array.from(live.instance.state);
    expect(() => live.take(choice(name))).toThrow(
      expect.objectContaining({ code: 'BAD_SCHEDULE', message: `'${name}' is not enabled here` }),
    );
    expect(live.instance.state).toEqual(before);
  });

  it('refuse an event and a payload that do not exist', () => {
    const { live, choice } = start();
    expect(() => live.take({ event: 99, payload: 0 })).toThrow(PrecopyError);
    expect(() => live.take({ ...choice('left SAY n=1'), payload: 3 })).toThrow(PrecopyError);
  });

  it('offer and take nothing after a fault', () => {
    const live = new LiveSystem(
      toy({
        states: { s: { on: { E: { actions: 'fail' }, F: 's' } } },
        actions: { fail: ({ context: { toy } }) => toy.a.set(8) },
      }),
    );
    live.take({ event: 0, payload: 0 });
    expect(live.fault).toBe('toy.a is 0 to 7 and cannot become 8');
    expect(live.enabled()).toEqual([]);
    expect(() => live.take({ event: 1, payload: 0 })).toThrow(PrecopyError);
  });

  it('of two systems know nothing of each other', () => {
    const one = start();
    const two = start();
    one.live.take(one.choice('left POST'));
    expect(two.enabled()).not.toContain('right takes LETTER from left');
  });
});

describe('a replay', () => {
  const twice = [
    { event: 0, payload: 0 },
    { event: 0, payload: 0 },
  ];
  const counting = { s: { on: { E: { actions: 'incA' } } } };
  const belowTwo = always({ id: 'below-two', description: 'a is below 2' }, ({ toy }) => toy.a.get() < 2);

  it('ends at the first step that breaks a property', () => {
    const { steps, violation } = replay(toy({ states: counting, properties: [belowTwo] }), {}, [...twice, ...twice]);
    expect(steps).toHaveLength(2);
    expect(violation).toMatchObject({ property: 'below-two', description: 'a is below 2' });
  });

  it('shows the cells that the violated property reads in the last state, also those that no step accesses', () => {
    const sum = always({ id: 'sum', description: 'a and b are below 2' }, ({ toy }) => toy.a.get() + toy.b.get() < 2);
    const { violation, initial } = replay(toy({ states: counting, properties: [sum] }), {}, twice);
    expect(violation?.reads).toEqual(['toy.a', 'toy.b']);
    expect(initial.cells).toEqual({ 'toy.a': '0', 'toy.b': '0' });
  });

  it('has no violation where nothing breaks', () => {
    const trace = replay(toy({ states: counting }), {}, twice);
    expect(trace.steps).toHaveLength(2);
    expect(trace.violation).toBeUndefined();
  });

  it('has no steps where the initial state is wrong already', () => {
    const wrong = always({ id: 'wrong', description: 'never so' }, () => false);
    const { steps, violation } = replay(toy({ states: counting, properties: [wrong] }), {}, twice);
    expect([steps, violation?.property]).toEqual([[], 'wrong']);
  });

  it('tells of a deadlock at its end', () => {
    const design = toy({
      states: { s: { on: { E: 't' } }, t: {} },
      properties: [noDeadlock({ id: 'd', description: 'it goes on' }, () => false)],
    });
    expect(replay(design, {}, [{ event: 0, payload: 0 }]).violation).toMatchObject({
      property: 'd',
      description: 'it goes on',
    });
    expect(replay(design, {}, []).violation).toBeUndefined();
  });

  it('tells what went wrong in a fault', () => {
    const nine = Array.from({ length: 8 }, () => twice[0] as Choice);
    const { violation, steps } = replay(toy({ states: counting }), {}, nine);
    expect(steps).toHaveLength(8);
    expect(violation).toMatchObject({ property: 'well-formed', detail: 'toy.a is 0 to 7 and cannot become 8' });
  });

  it('has the initial values of the cells that it touches, the states of the actors, and a schedule that replays it', () => {
    const trace = replay(toy({ states: counting }), {}, twice);
    expect(trace.initial).toEqual({ cells: { 'toy.a': '0' }, states: ['s'] });
    expect(trace.actors).toEqual(['it']);
    expect(trace.schedule).toMatch(/^toy@:[0-9a-f]{8}:/);
  });

  it('refuses a schedule of which a step cannot happen', () => {
    expect(() => replay(rmapXchg, {}, [{ event: 0, payload: 0 }])).toThrow(
      expect.objectContaining({ code: 'BAD_SCHEDULE' }),
    );
  });
});
