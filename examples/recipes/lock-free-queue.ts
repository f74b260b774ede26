/**
 * A lock-free queue for one producer and one consumer: a ring buffer (L. Lamport, "Proving the correctness of
 * multiprocess programs", 1977), as `kfifo` of Linux is.
 *
 * The producer alone writes `tail`, the consumer alone writes `head`. The design runs under TSO: stores leave the
 * store buffer in their order, so a consumer that sees the new tail sees the element, too. Processors with weaker
 * memory need `smp_store_release` and `smp_load_acquire` there, whose absence no memory model of precopy shows.
 */
import { counter, defineDesign, defineMutant, defineSystem, index, not, shared } from 'precopy';

const system = defineSystem({
  name: 'lock-free-queue',
  params: {
    values: { default: 4, min: 1, max: 8, description: 'number of values that are enqueued' },
    slots: { default: 3, min: 2, max: 5, description: 'slots of the ring, of which one is always empty' },
  },
  memory: ({ values, slots }) => ({
    ring: shared({ head: index(slots), tail: index(slots), slots: Array.from({ length: slots }, () => index(values)) }),
  }),
  actors: { producer: 'one', consumer: 'one' },
  tags: ['done', 'wrong', 'full'],
});

const end = system.actor({
  events: { STEP: {} },
  registers: ({ values, slots }) => ({
    at: index(slots),
    other: index(slots),
    count: counter(values),
    value: index(values),
  }),
});

const ring = end.implement({
  actions: {
    loadHead: ({ context: { ring, my } }) => {
      my.other = ring.head.get();
    },
    loadTail: ({ context: { ring, my } }) => {
      my.other = ring.tail.get();
    },
    loadValue: ({ context: { ring, my } }) => {
      my.value = ring.slots(my.at).get();
    },
    storeValue: ({ context: { ring, my } }) => ring.slots(my.at).set(my.count),
    storeHead: ({ context: { ring, my, params } }) => ring.head.set((my.at + 1) % params.slots),
    storeTail: ({ context: { ring, my, params } }) => ring.tail.set((my.at + 1) % params.slots),
    advance: ({ context: { my, params } }) => {
      my.at = (my.at + 1) % params.slots;
      my.count += 1;
    },
  },
  guards: {
    isFull: ({ context: { my, params } }) => (my.at + 1) % params.slots === my.other,
    isEmpty: ({ context: { my } }) => my.at === my.other,
    isExpected: ({ context: { my } }) => my.value === my.count,
    isLast: ({ context: { my, params } }) => my.count === params.values,
  },
});

const producer = end.use(ring).createMachine({
  id: 'producer',
  initial: 'start',
  states: {
    start: { on: { STEP: { actions: 'loadHead', target: 'checked' } } },
    checked: { always: [{ guard: 'isFull', target: 'full' }, { target: 'filling' }] },
    full: { tags: ['full'], on: { STEP: { actions: 'loadHead', target: 'checked' } } },
    filling: { on: { STEP: { actions: 'storeValue', target: 'publishing' } } },
    publishing: { on: { STEP: { actions: ['storeTail', 'advance'], target: 'published' } } },
    published: { always: [{ guard: 'isLast', target: 'done' }, { target: 'start' }] },
    done: { type: 'final', tags: ['done'] },
  },
});

const consumer = end.use(ring).createMachine({
  id: 'consumer',
  initial: 'start',
  states: {
    start: { on: { STEP: { actions: 'loadTail', target: 'checked' } } },
    checked: { always: [{ guard: 'isEmpty', target: 'start' }, { target: 'reading' }] },
    reading: { on: { STEP: { actions: 'loadValue', target: 'read' } } },
    read: { always: [{ guard: not('isExpected'), target: 'wrong' }, { target: 'releasing' }] },
    releasing: { on: { STEP: { actions: ['storeHead', 'advance'], target: 'released' } } },
    released: { always: [{ guard: 'isLast', target: 'done' }, { target: 'start' }] },
    wrong: { type: 'final', tags: ['wrong'] },
    done: { type: 'final', tags: ['done'] },
  },
});

const { never, reachable } = system.properties;

const lockFreeQueue = defineDesign({
  id: 'lock-free-queue',
  title: 'a ring buffer between one producer and one consumer',
  system,
  machines: { producer, consumer },
  memoryModel: 'tso',
  properties: [
    never(
      { id: 'in-order', description: 'no value is lost, overtaken or dequeued twice' },
      ({ is }) => is.wrong.count() > 0,
    ),
    reachable({ id: 'full', description: 'the producer waits for room' }, ({ is }) => is.full.count() > 0),
    reachable({ id: 'done', description: 'all values arrive' }, ({ is }) => is.done.count() === 2),
  ],
});

export const tailFirst = defineMutant(lockFreeQueue, 'tail-first', {
  bug: 'the producer publishes a slot before it has filled it',
  breaks: 'in-order',
  machines: {
    producer: producer.extend({
      states: {
        filling: { on: { STEP: { actions: 'storeTail', target: 'publishing' } } },
        publishing: { on: { STEP: { actions: ['storeValue', 'advance'], target: 'published' } } },
      },
    }),
  },
});

export const neverFull = defineMutant(lockFreeQueue, 'never-full', {
  bug: 'the producer does not wait for room, and overwrites values that the consumer has not read',
  breaks: 'in-order',
  machines: { producer: producer.extend({ states: { checked: { always: { target: 'filling' } } } }) },
});

export default lockFreeQueue;
export const designs = [lockFreeQueue, tailFirst, neverFull];
