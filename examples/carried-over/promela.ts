import { counter, defineDesign, defineMutant, defineSystem, shared } from 'precopy';

const system = defineSystem({
  name: 'additions',
  memory: () => ({ global: shared({ n: counter(255) }) }),
  actors: { worker: () => 2 },
  tags: ['finished'],
});

const worker = system
  .actor({ events: { STEP: {} }, registers: () => ({ temp: counter(255) }) })
  .setup({
    actions: {
      load: ({ context: { global, my } }) => {
        my.temp = global.n.get();
      },
      store: ({ context: { global, my } }) => global.n.set(my.temp + 1),
    },
  })
  .createMachine({
    id: 'worker',
    initial: 'add',
    states: {
      add: {
        on: { STEP: { actions: ['load', 'store'], target: 'finished', meta: { coarse: 'atomic { } in Promela' } } },
      },
      finished: { type: 'final', tags: ['finished'] },
    },
  });

const { always, noDeadlock } = system.properties;

const additions = defineDesign({
  id: 'additions',
  title: 'two processes add to a variable',
  system,
  machines: { worker },
  properties: [
    always(
      { id: 'sum', description: 'the variable is 2 when both processes have finished' },
      ({ is, global }) => is.finished.count() < 2 || global.n.get() === 2,
    ),
    noDeadlock(
      { id: 'no-invalid-end-state', description: 'a run ends when both processes have finished' },
      ({ is }) => is.finished.count() === 2,
    ),
  ],
});

export const notAtomic = defineMutant(additions, 'not-atomic', {
  bug: 'the other process adds between load and store',
  breaks: 'sum',
  machines: {
    worker: worker.extend({
      states: {
        add: { on: { STEP: { actions: 'load', target: 'loaded' } } },
        loaded: { on: { STEP: { actions: 'store', target: 'finished' } } },
      },
    }),
  },
});

export default additions;
export const designs = [additions, notAtomic];
