import { assign, fromPromise, setup } from 'xstate';

/** An ordinary application of xstate: it loads a page, and tries again after five seconds. */
export const client = setup({
  types: { context: {} as { attempt: number } },
  actors: { request: fromPromise<string, number>(async ({ input }) => `the page, at attempt ${input}`) },
  actions: { nextAttempt: assign({ attempt: ({ context }) => context.attempt + 1 }) },
  guards: { hasAttemptLeft: ({ context }) => context.attempt < 2 },
}).createMachine({
  id: 'client',
  initial: 'idle',
  context: { attempt: 0 },
  states: {
    idle: { on: { FETCH: 'loading' } },
    loading: {
      invoke: { src: 'request', input: ({ context }) => context.attempt, onDone: 'loaded' },
      after: {
        5000: [
          { guard: 'hasAttemptLeft', actions: 'nextAttempt', target: 'loading', reenter: true },
          { target: 'failed' },
        ],
      },
    },
    loaded: { type: 'final' },
    failed: { type: 'final' },
  },
});
