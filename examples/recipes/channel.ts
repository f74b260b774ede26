/**
 * A bounded channel with payloads: a queue in shared memory, like `chan c = [2] of { byte }` in Promela.
 *
 * A send blocks while the channel is full, and a receive while it is empty. Each is one step whose guard looks at the
 * queue and whose action changes it. That is more than one access to shared memory, so the transition gives its reason
 * in `meta.coarse`: the channel is a primitive here, and its own code is not what the model is about.
 */
import { and, counter, defineDesign, defineMutant, defineSystem, not, queue, shared } from 'precopy';

const system = defineSystem({
  name: 'channel',
  params: {
    values: { default: 4, min: 1, max: 16, description: 'number of values that are sent' },
    capacity: { default: 2, min: 1, max: 8, description: 'number of values that the channel holds' },
  },
  memory: ({ values, capacity }) => ({ channel: shared({ queue: queue(capacity, values) }) }),
  actors: { sender: 'one', receiver: 'one' },
  tags: ['done', 'outOfOrder'],
});

const primitive = { coarse: 'a blocking operation of a channel is atomic' };

const sender = system
  .actor({ events: { SEND: {} }, registers: ({ values }) => ({ next: counter(values) }) })
  .setup({
    actions: {
      push: ({ context: { channel, my } }) => channel.queue.push(my.next),
      advance: ({ context: { my } }) => {
        my.next += 1;
      },
    },
    guards: {
      hasMore: ({ context: { my, params } }) => my.next < params.values,
      hasRoom: ({ context: { channel, params } }) => channel.queue.count() < params.capacity,
    },
  })
  .createMachine({
    id: 'sender',
    initial: 'sending',
    states: {
      sending: { on: { SEND: { guard: and(['hasMore', 'hasRoom']), actions: ['push', 'advance'], meta: primitive } } },
    },
  });

const receiver = system
  .actor({
    events: { RECEIVE: {} },
    registers: ({ values }) => ({ expected: counter(values), received: counter(values) }),
  })
  .setup({
    actions: {
      shift: ({ context: { channel, my } }) => {
        my.received = channel.queue.shift();
      },
      expectNext: ({ context: { my } }) => {
        my.expected += 1;
      },
    },
    guards: {
      isEmpty: ({ context: { channel } }) => channel.queue.isEmpty(),
      isExpected: ({ context: { my } }) => my.received === my.expected,
      isLast: ({ context: { my, params } }) => my.received === params.values - 1,
    },
  })
  .createMachine({
    id: 'receiver',
    initial: 'receiving',
    states: {
      receiving: { on: { RECEIVE: { guard: not('isEmpty'), actions: 'shift', target: 'received', meta: primitive } } },
      received: {
        always: [
          { guard: not('isExpected'), target: 'outOfOrder' },
          { guard: 'isLast', target: 'done' },
          { actions: 'expectNext', target: 'receiving' },
        ],
      },
      outOfOrder: { type: 'final', tags: ['outOfOrder'] },
      done: { type: 'final', tags: ['done'] },
    },
  });

const { never, noDeadlock, reachable } = system.properties;

const channel = defineDesign({
  id: 'channel',
  title: 'a bounded channel from one sender to one receiver',
  system,
  machines: { sender, receiver },
  properties: [
    never({ id: 'in-order', description: 'no value is lost or overtaken' }, ({ is }) => is.outOfOrder.count() > 0),
    noDeadlock(
      { id: 'no-deadlock', description: 'some step is enabled until all values have arrived' },
      ({ is }) => is.done.count() === 1,
    ),
    reachable(
      { id: 'full', description: 'the channel is full' },
      (view) => view.channel.queue.count() === view.params.capacity,
    ),
  ],
});

export const dropsWhenFull = defineMutant(channel, 'drops-when-full', {
  bug: 'a send to a full channel returns, and its value is gone',
  breaks: 'in-order',
  machines: {
    sender: sender.extend({
      states: {
        sending: {
          on: {
            SEND: [
              { guard: and(['hasMore', 'hasRoom']), actions: ['push', 'advance'], meta: primitive },
              { guard: 'hasMore', actions: 'advance' },
            ],
          },
        },
      },
    }),
  },
});

export default channel;
export const designs = [channel, dropsWhenFull];
