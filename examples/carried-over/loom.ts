import { bit, counter, defineDesign, defineMutant, defineSystem, shared } from 'precopy';

const system = defineSystem({
  name: 'publication',
  memory: () => ({ atomics: shared({ data: counter(42), ready: bit() }) }),
  actors: { writer: 'one', reader: 'one' },
  tags: ['written', 'read', 'sawOldData'],
});

const writer = system
  .actor({ events: { STEP: {} } })
  .setup({
    actions: {
      storeData: ({ context: { atomics } }) => atomics.data.set(42),
      storeReady: ({ context: { atomics } }) => atomics.ready.set(true),
    },
  })
  .createMachine({
    id: 'writer',
    initial: 'start',
    states: {
      start: { on: { STEP: { actions: 'storeData', target: 'stored' } } },
      stored: { on: { STEP: { actions: 'storeReady', target: 'done' } } },
      done: { type: 'final', tags: ['written'] },
    },
  });

const reader = system
  .actor({ events: { STEP: {} } })
  .setup({
    actions: {},
    guards: {
      isReady: ({ context: { atomics } }) => atomics.ready.get(),
      isNew: ({ context: { atomics } }) => atomics.data.get() === 42,
    },
  })
  .createMachine({
    id: 'reader',
    initial: 'waiting',
    states: {
      waiting: { on: { STEP: { guard: 'isReady', target: 'ready' } } },
      ready: { on: { STEP: [{ guard: 'isNew', target: 'read' }, { target: 'sawOldData' }] } },
      read: { type: 'final', tags: ['read'] },
      sawOldData: { type: 'final', tags: ['sawOldData'] },
    },
  });

const { never, noDeadlock } = system.properties;

const publication = defineDesign({
  id: 'publication',
  title: 'a flag publishes data',
  system,
  machines: { writer, reader },
  memoryModel: 'tso',
  properties: [
    never(
      { id: 'data-is-published', description: 'a reader that sees the flag sees the data' },
      ({ is }) => is.sawOldData.count() > 0,
    ),
    noDeadlock(
      { id: 'both-join', description: 'both threads end' },
      ({ is }) => is.written.count() === 1 && is.read.count() === 1,
    ),
  ],
});

export const flagFirst = defineMutant(publication, 'flag-first', {
  bug: 'the flag is stored before the data',
  breaks: 'data-is-published',
  machines: {
    writer: writer.extend({
      states: {
        start: { on: { STEP: { actions: 'storeReady', target: 'stored' } } },
        stored: { on: { STEP: { actions: 'storeData', target: 'done' } } },
      },
    }),
  },
});

export default publication;
export const designs = [publication, flagFirst];
