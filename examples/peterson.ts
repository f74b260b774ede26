/**
 * Peterson's lock for two processes, after G. L. Peterson, "Myths about the mutual exclusion problem", 1981.
 *
 * A process raises its flag and gives the turn to the other one. It enters as soon as it sees that the flag of the
 * other is down, or that the turn is its own. Each step is one load or one store.
 *
 * A waiting process polls the flag and the turn. Only the load that lets it enter is a step, since the others change
 * nothing. So two processes that wait for each other have no enabled step: a deadlock, which the search would find.
 *
 * On a processor with store buffers both may enter: `precopy check examples/peterson.ts --memory-model tso`. A barrier
 * between the stores and the loads prevents that.
 */
import { bit, defineDesign, defineMutant, defineSystem, index, shared } from 'precopy';

const system = defineSystem({
  name: 'peterson',
  memory: () => ({ lock: shared({ flag: [bit(), bit()], turn: index(2) }) }),
  actors: { left: 'one', right: 'one' },
  tags: ['waiting', 'inside'],
});

const flagFirst = system
  .actor({ events: { STEP: {}, LOAD_FLAG: {}, LOAD_TURN: {} } })
  .setup({
    actions: {
      raiseFlag: ({ context: { lock, me } }) => lock.flag(me).set(true),
      lowerFlag: ({ context: { lock, me } }) => lock.flag(me).set(false),
      giveTurnAway: ({ context: { lock, me } }) => lock.turn.set(1 - me),
      fence: ({ context: { barrier } }) => barrier(),
    },
    guards: {
      otherFlagIsDown: ({ context: { lock, me } }) => !lock.flag(1 - me).get(),
      turnIsMine: ({ context: { lock, me } }) => lock.turn.get() === me,
    },
  })
  .createMachine({
    id: 'process',
    initial: 'outside',
    states: {
      outside: { on: { STEP: { actions: 'raiseFlag', target: 'entering' } } },
      entering: { on: { STEP: { actions: 'giveTurnAway', target: 'waiting' } } },
      waiting: {
        tags: ['waiting'],
        on: {
          LOAD_FLAG: { guard: 'otherFlagIsDown', target: 'inside' },
          LOAD_TURN: { guard: 'turnIsMine', target: 'inside' },
        },
      },
      inside: { tags: ['inside'], on: { STEP: { actions: 'lowerFlag', target: 'outside' } } },
    },
  });

/** The classic mistake: the same two stores in the other order. */
const turnFirst = flagFirst.extend({
  states: {
    outside: { on: { STEP: { actions: 'giveTurnAway', target: 'entering' } } },
    entering: { on: { STEP: { actions: 'raiseFlag', target: 'waiting' } } },
  },
});

const { never, noDeadlock, reachable } = system.properties;

const peterson = defineDesign({
  id: 'peterson',
  title: 'mutual exclusion of two processes by two flags and a turn',
  system,
  machines: { left: flagFirst, right: flagFirst },
  properties: [
    never(
      { id: 'mutual-exclusion', description: 'the two are not inside together' },
      ({ is }) => is.inside.count() === 2,
    ),
    noDeadlock({ id: 'no-deadlock', description: 'some process always has an enabled step' }),
    reachable({ id: 'left-gets-in', description: 'left is inside' }, ({ is, actors }) => is.inside.of(actors.left)),
    reachable({ id: 'right-gets-in', description: 'right is inside' }, ({ is, actors }) => is.inside.of(actors.right)),
    reachable(
      { id: 'one-waits', description: 'one waits while the other is inside' },
      ({ is }) => is.waiting.count() === 1 && is.inside.count() === 1,
    ),
  ],
});

export const turnBeforeFlag = defineMutant(peterson, 'turn-before-flag', {
  bug: 'a process gives the turn away before it raises its flag',
  breaks: 'mutual-exclusion',
  machines: { left: turnFirst, right: turnFirst },
});

const fencedProcess = flagFirst.extend({
  states: {
    entering: { on: { STEP: { actions: 'giveTurnAway', target: 'fencing' } } },
    fencing: { on: { STEP: { actions: 'fence', target: 'waiting' } } },
  },
});

export const fenced = defineDesign({
  ...peterson,
  id: 'peterson-fenced',
  title: "Peterson's lock for x86, with a barrier before the loads",
  machines: { left: fencedProcess, right: fencedProcess },
  memoryModel: 'tso',
});

export const noFence = defineMutant(fenced, 'no-fence', {
  bug: 'a process loads while its flag is still in its store buffer',
  breaks: 'mutual-exclusion',
  machines: peterson.machines,
});

export default peterson;
export const designs = [peterson, turnBeforeFlag, fenced, noFence];
