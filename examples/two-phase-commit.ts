/**
 * Two-phase commit, after the specification in Jim Gray and Leslie Lamport, "Consensus on Transaction Commit", 2006.
 *
 * Every resource manager prepares its part of a transaction, or gives it up. The transaction manager commits when all
 * are prepared, and may abort at any time before. Messages stay in memory: they may arrive late, out of order, or
 * twice.
 */
import { bit, bitmap, defineDesign, defineSystem, shared } from 'precopy';

const system = defineSystem({
  name: 'two-phase-commit',
  params: { rms: { default: 3, min: 1, max: 8, description: 'number of resource managers' } },
  memory: ({ rms }) => ({ sent: shared({ prepared: bitmap(rms), commit: bit(), abort: bit() }) }),
  actors: { transactionManager: 'one', resourceManager: ({ rms }) => rms },
  tags: ['committed', 'aborted'],
  symmetry: {
    role: 'resourceManager',
    perProcess: ['sent.prepared', 'transactionManager.awaited'],
    processSets: [],
    processIds: {},
    payloads: ['rm'],
  },
});

const transactionManager = system
  .actor({
    events: { RECEIVE_PREPARED: { field: 'rm', size: ({ rms }) => rms }, COMMIT: {}, ABORT: {} },
    registers: ({ rms }) => ({ awaited: bitmap(rms, { initial: 'set' }) }),
  })
  .setup({
    actions: {
      stopAwaiting: ({ context: { my }, event }) => my.awaited.clear(event.rm),
      sendCommit: ({ context: { sent } }) => sent.commit.set(true),
      sendAbort: ({ context: { sent } }) => sent.abort.set(true),
    },
    guards: {
      preparedWasSent: ({ context: { sent }, event }) => sent.prepared.has(event.rm),
      allArePrepared: ({ context: { my } }) => my.awaited.isEmpty(),
    },
  })
  .createMachine({
    id: 'transaction-manager',
    initial: 'undecided',
    states: {
      undecided: {
        on: {
          RECEIVE_PREPARED: { guard: 'preparedWasSent', actions: 'stopAwaiting' },
          COMMIT: { guard: 'allArePrepared', actions: 'sendCommit', target: 'committed' },
          ABORT: { actions: 'sendAbort', target: 'aborted' },
        },
      },
      committed: { type: 'final' },
      aborted: { type: 'final' },
    },
  });

const resourceManager = system
  .actor({ events: { PREPARE: {}, GIVE_UP: {}, RECEIVE_COMMIT: {}, RECEIVE_ABORT: {} } })
  .setup({
    actions: { sendPrepared: ({ context: { sent, nth } }) => sent.prepared.set(nth) },
    guards: {
      commitWasSent: ({ context: { sent } }) => sent.commit.get(),
      abortWasSent: ({ context: { sent } }) => sent.abort.get(),
    },
  })
  .createMachine({
    id: 'resource-manager',
    initial: 'working',
    states: {
      working: {
        on: {
          PREPARE: { actions: 'sendPrepared', target: 'prepared' },
          GIVE_UP: 'aborted',
          RECEIVE_ABORT: { guard: 'abortWasSent', target: 'aborted' },
        },
      },
      prepared: {
        on: {
          RECEIVE_COMMIT: { guard: 'commitWasSent', target: 'committed' },
          RECEIVE_ABORT: { guard: 'abortWasSent', target: 'aborted' },
        },
      },
      committed: { type: 'final', tags: ['committed'] },
      aborted: { type: 'final', tags: ['aborted'] },
    },
  });

const { never, noDeadlock, reachable } = system.properties;

export default defineDesign({
  id: 'two-phase-commit',
  title: 'two-phase commit with a transaction manager that does not fail',
  system,
  machines: { transactionManager, resourceManager },
  properties: [
    never(
      { id: 'consistent', description: 'no resource manager has aborted while another has committed' },
      ({ is }) => is.aborted.count() > 0 && is.committed.count() > 0,
    ),
    noDeadlock(
      { id: 'no-deadlock', description: 'some step is enabled until every resource manager has committed or aborted' },
      ({ is, params }) => is.committed.count() + is.aborted.count() === params.rms,
    ),
    reachable(
      { id: 'commit-agreement', description: 'all commit' },
      ({ is, params }) => is.committed.count() === params.rms,
    ),
    reachable(
      { id: 'abort-agreement', description: 'all abort' },
      ({ is, params }) => is.aborted.count() === params.rms,
    ),
  ],
});
