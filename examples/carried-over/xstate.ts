import { and, bitmap, counter, defineDesign, defineMutant, defineSystem, ghost, index, shared } from 'precopy';

const system = defineSystem({
  name: 'fetch',
  params: { attempts: { default: 3, min: 1, max: 8, description: 'requests before the client gives up' } },
  memory: ({ attempts }) => ({
    network: shared({ requests: bitmap(attempts), answers: bitmap(attempts) }),
    ghost: ghost({ attempt: counter(attempts), accepted: counter(attempts) }),
  }),
  actors: { client: 'one', server: 'one' },
  tags: ['loaded', 'failed'],
});

const clientActor = system.actor({
  events: { FETCH: {}, ANSWER: { field: 'attempt', size: ({ attempts }) => attempts }, TIMEOUT: { optional: true } },
  registers: ({ attempts }) => ({ attempt: index(attempts) }),
});

const fetching = clientActor.implement({
  actions: {
    sendRequest: ({ context: { network, my } }) => network.requests.set(my.attempt),
    nextAttempt: ({ context: { my } }) => {
      my.attempt += 1;
    },
    accept: () => {},
  },
  guards: {
    isAnswered: ({ context: { network }, event }) => network.answers.has(event.attempt),
    isCurrent: ({ context: { my }, event }) => event.attempt === my.attempt,
    hasAttemptLeft: ({ context: { my, params } }) => my.attempt < params.attempts - 1,
  },
  ghost: {
    sendRequest: ({ context: { ghost, my } }) => ghost.attempt.set(my.attempt),
    accept: ({ context: { ghost }, event }) => ghost.accepted.set(event.attempt),
  },
});

const client = clientActor.use(fetching).createMachine({
  id: 'client',
  initial: 'idle',
  states: {
    idle: { on: { FETCH: { actions: 'sendRequest', target: 'loading' } } },
    loading: {
      on: {
        ANSWER: { guard: and(['isCurrent', 'isAnswered']), actions: 'accept', target: 'loaded' },
        TIMEOUT: [{ guard: 'hasAttemptLeft', actions: 'nextAttempt', target: 'idle' }, { target: 'failed' }],
      },
    },
    loaded: { type: 'final', tags: ['loaded'] },
    failed: { type: 'final', tags: ['failed'] },
  },
});

const server = system
  .actor({
    events: { TAKE: { field: 'attempt', size: ({ attempts }) => attempts }, ANSWER: {} },
    registers: ({ attempts }) => ({ attempt: index(attempts) }),
  })
  .setup({
    actions: {
      take: ({ context: { my }, event }) => {
        my.attempt = event.attempt;
      },
      answer: ({ context: { network, my } }) => network.answers.set(my.attempt),
    },
    guards: { isRequested: ({ context: { network }, event }) => network.requests.has(event.attempt) },
  })
  .createMachine({
    id: 'server',
    initial: 'idle',
    states: {
      idle: { on: { TAKE: { guard: 'isRequested', actions: 'take', target: 'working' } } },
      working: { on: { ANSWER: { actions: 'answer', target: 'idle' } } },
    },
  });

const { never, reachable } = system.properties;

const fetch = defineDesign({
  id: 'fetch',
  title: 'a client that asks again after a timeout',
  system,
  machines: { client, server },
  properties: [
    never(
      { id: 'no-stale-answer', description: 'the client accepts the answer to its latest request only' },
      ({ is, ghost }) => is.loaded.count() > 0 && ghost.accepted.get() !== ghost.attempt.get(),
    ),
    reachable({ id: 'loaded', description: 'the page is loaded' }, ({ is }) => is.loaded.count() > 0),
    reachable({ id: 'failed', description: 'the client gives up' }, ({ is }) => is.failed.count() > 0),
  ],
});

export const acceptsAny = defineMutant(fetch, 'accepts-any-answer', {
  bug: 'the client does not compare the number of the attempt',
  breaks: 'no-stale-answer',
  machines: {
    client: client.extend({
      states: { loading: { on: { ANSWER: { guard: 'isAnswered', actions: 'accept', target: 'loaded' } } } },
    }),
  },
});

export default fetch;
export const designs = [fetch, acceptsAny];
