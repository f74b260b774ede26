import { describe, expect, it } from 'vitest';
import {
  and,
  bit,
  bitmap,
  counter,
  defineDesign,
  defineSystem,
  ghost,
  not,
  or,
  posted,
  rendezvous,
  shared,
} from '../../src/index.ts';

/*
 * Mistakes that TypeScript refuses: `tsc` fails if one of them is no error any more. Nothing in here has to run; `it`
 * only names what is checked.
 */

const system = defineSystem({
  name: 'types',
  params: { pages: { default: 2, min: 1, max: 4, description: 'pages' } },
  memory: ({ pages }) => ({
    ram: shared({ dirty: bitmap(pages), tlb: [bitmap(pages), bitmap(pages)] }),
    spec: ghost({ count: counter(3) }),
  }),
  messages: { ASK: rendezvous('page'), KICK: posted() },
  actors: { asker: 'one', worker: ({ pages }) => pages },
  tags: ['busy'],
});

const actor = system.actor({
  events: { STEP: {}, WRITE: { field: 'gfn', size: ({ pages }) => pages } },
  registers: ({ pages }) => ({ mask: bitmap(pages), at: counter(pages), done: bit() }),
});

const withNames = actor.setup({
  actions: {
    mark: ({ context: { ram, my }, event }) => {
      ram.dirty.set(event.gfn);
      ram.tlb(0).set(event.page);
      my.at = my.at + 1;
      my.done = !my.done;
      my.mask.fill(true);
    },
    ask: ({ context: { send, actors } }) => send('ASK', actors.worker[0] as number, { page: 1 }),
    kick: ({ context: { send, actors } }) => send('KICK', actors.asker),
  },
  guards: { isDone: ({ context: { my } }) => my.done, atStart: ({ context: { my } }) => my.at === 0 },
});

const machine = withNames.createMachine({
  id: 'worker',
  initial: 'idle',
  states: {
    idle: {
      tags: ['busy'],
      on: {
        STEP: {
          guard: and(['isDone', or(['atStart', not('isDone')])]),
          actions: ['mark', 'ask'],
          target: 'deep.inner',
        },
        KICK: 'deep',
      },
    },
    deep: { initial: 'inner', states: { inner: { on: { STEP: '#worker.idle' } } } },
  },
});

describe('what is spelt right compiles', () => {
  it('and makes a machine', () => {
    expect(machine.id).toBe('worker');
  });
});

/** Code that is compiled, and never run. */
const compiled = (_mistake: () => unknown): void => expect(_mistake).toBeTypeOf('function');

describe('a misspelt name is an error of the TypeScript compiler', () => {
  it('of a region of memory', () =>
    compiled(() =>
      // @ts-expect-error there is `ram`, and no `rom`
      actor.setup({ actions: { a: ({ context: { rom } }) => rom } }),
    ));

  it('of a cell', () =>
    compiled(() =>
      // @ts-expect-error there is `dirty`, and no `dirtyy`
      actor.setup({ actions: { a: ({ context: { ram } }) => ram.dirtyy.set(0) } }),
    ));

  it('of a cell of a list', () =>
    compiled(() =>
      // @ts-expect-error a list of cells is reached by number
      actor.setup({ actions: { a: ({ context: { ram } }) => ram.tlb.set(0) } }),
    ));

  it('of an operation of a cell', () =>
    compiled(() =>
      // @ts-expect-error a bitmap has no `sett`
      actor.setup({ actions: { a: ({ context: { ram } }) => ram.dirty.sett(0) } }),
    ));

  it('of a register', () =>
    compiled(() =>
      // @ts-expect-error there is `at`, and no `att`
      actor.setup({ actions: { a: ({ context: { my } }) => void my.att } }),
    ));

  it('of a value that a register cannot have', () =>
    compiled(() =>
      actor.setup({
        actions: {
          a: ({ context: { my } }) => {
            // @ts-expect-error `done` is a truth value
            my.done = 1;
          },
        },
      }),
    ));

  it('of a parameter', () =>
    compiled(() =>
      // @ts-expect-error there is `pages`, and no `page`
      actor.setup({ actions: { a: ({ context: { params } }) => void params.page } }),
    ));

  it('of a parameter in the declaration of memory', () =>
    compiled(() =>
      defineSystem({
        name: 'mistaken',
        params: { pages: { default: 2, min: 1, max: 4, description: 'pages' } },
        // @ts-expect-error there is `pages`, and no `sheets`
        memory: ({ sheets }) => ({ ram: shared({ dirty: bitmap(sheets) }) }),
        actors: { it: 'one' },
      }),
    ));

  it('of a role', () =>
    compiled(() =>
      // @ts-expect-error there is `asker`, and no `asking`
      actor.setup({ actions: { a: ({ context: { send, actors } }) => send('KICK', actors.asking) } }),
    ));

  it('of a message that is sent', () =>
    compiled(() =>
      // @ts-expect-error there is `KICK`, and no `KICKK`
      actor.setup({ actions: { a: ({ context: { send } }) => send('KICKK', 0) } }),
    ));

  it('of a field of a message that is sent', () =>
    compiled(() =>
      // @ts-expect-error `ASK` has `page`, and no `pag`
      actor.setup({ actions: { a: ({ context: { send } }) => send('ASK', 0, { pag: 1 }) } }),
    ));

  it('of a message that is sent without its fields', () =>
    compiled(() =>
      // @ts-expect-error `ASK` has the field `page`
      actor.setup({ actions: { a: ({ context: { send } }) => send('ASK', 0) } }),
    ));

  it('of a field of an event', () =>
    compiled(() =>
      // @ts-expect-error there is `gfn`, and no `gfm`
      actor.setup({ actions: { a: ({ event }) => void event.gfm } }),
    ));

  it('of a state that is the target', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'idle',
        states: {
          // @ts-expect-error there is `idle`, and no `idel`
          idle: { on: { STEP: 'idel' } },
        },
      }),
    ));

  it('of a state that is the target of one of several transitions', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'idle',
        states: {
          // @ts-expect-error there is `idle`, and no `idel`
          idle: { on: { STEP: [{ guard: 'isDone', target: 'idle' }, { target: 'idel' }] } },
        },
      }),
    ));

  it('of an inner state that is the target', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'idle',
        states: {
          // @ts-expect-error there is `deep.inner`, and no `deep.iner`
          idle: { on: { STEP: 'deep.iner' } },
          deep: { initial: 'inner', states: { inner: {} } },
        },
      }),
    ));

  it('of the initial state', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        // @ts-expect-error there is `idle`, and no `idel`
        initial: 'idel',
        states: { idle: {} },
      }),
    ));

  it('of the initial state of a compound state', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'deep',
        // @ts-expect-error there is `inner`, and no `iner`
        states: { deep: { initial: 'iner', states: { inner: {} } } },
      }),
    ));

  it('of an event that is taken', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'idle',
        states: {
          idle: {
            on: {
              // @ts-expect-error there is `STEP`, and no `STPE`
              STPE: 'idle',
            },
          },
        },
      }),
    ));

  it('of an action', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'idle',
        states: {
          idle: {
            // @ts-expect-error there is `mark`, and no `makr`
            on: { STEP: { actions: 'makr' } },
          },
        },
      }),
    ));

  it('of one of several actions', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'idle',
        states: {
          idle: {
            // @ts-expect-error there is `ask`, and no `aks`
            on: { STEP: { actions: ['mark', 'aks'] } },
          },
        },
      }),
    ));

  it('of an entry and an exit action', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'idle',
        states: {
          idle: {
            // @ts-expect-error there is `mark`, and no `makr`
            entry: 'makr',
            // @ts-expect-error there is `ask`, and no `aks`
            exit: ['aks'],
          },
        },
      }),
    ));

  it('of a guard', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'idle',
        states: {
          idle: {
            // @ts-expect-error there is `isDone`, and no `isDoen`
            on: { STEP: { guard: 'isDoen', target: 'idle' } },
          },
        },
      }),
    ));

  it('of a guard that others are combined with', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'idle',
        states: {
          // @ts-expect-error there is `isDone`, and no `isDoen`
          idle: { on: { STEP: { guard: and(['atStart', not('isDoen')]), target: 'idle' } } },
        },
      }),
    ));

  it('of a tag', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'idle',
        states: {
          idle: {
            // @ts-expect-error there is `busy`, and no `bussy`
            tags: ['bussy'],
          },
        },
      }),
    ));

  it('of a tag in a property', () =>
    compiled(() =>
      // @ts-expect-error there is `busy`, and no `bussy`
      system.properties.always({ id: 'p', description: 'p' }, ({ is }) => is.bussy.count() === 0),
    ));

  it('of a cell in a property', () =>
    compiled(() =>
      // @ts-expect-error there is `dirty`, and no `dirt`
      system.properties.never({ id: 'p', description: 'p' }, ({ ram }) => ram.dirt.isEmpty()),
    ));

  it('of a role in a design', () =>
    compiled(() =>
      defineDesign({
        id: 'd',
        title: 'd',
        system,
        // @ts-expect-error there is `worker`, and no `workr`
        machines: { asker: machine, workr: machine },
        properties: [],
      }),
    ));

  it('of a key of a transition', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'idle',
        states: {
          // @ts-expect-error there is `guard`, and no `gaurd`
          idle: { on: { STEP: { gaurd: 'isDone', target: 'idle' } } },
        },
      }),
    ));

  it('of a key of a transition in a patch', () =>
    compiled(() =>
      machine.extend({
        // @ts-expect-error there is `target`, and no `traget`
        states: { idle: { on: { STEP: { traget: 'deep' } } } },
      }),
    ));

  it('of a key of a state', () =>
    compiled(() =>
      withNames.createMachine({
        id: 'm',
        initial: 'idle',
        states: {
          // @ts-expect-error there is `entry`, and no `entyr`
          idle: { entyr: 'mark' },
        },
      }),
    ));

  it('of a state that a patch leads to', () =>
    compiled(() =>
      machine.extend({
        // @ts-expect-error there is `idle`, and no `idel`
        states: { idle: { on: { STEP: 'idel' } } },
      }),
    ));

  it('of an action that a patch replaces', () =>
    compiled(() =>
      machine.extend({
        // @ts-expect-error there is `mark`, and no `makr`
        actions: { makr: () => undefined },
      }),
    ));

  it('of a guard that a patch replaces', () =>
    compiled(() =>
      machine.extend({
        // @ts-expect-error there is `isDone`, and no `isDoen`
        guards: { isDoen: () => true },
      }),
    ));
});
