import { counter, defineDesign, defineSystem, owned, shared } from 'precopy';

const system = defineSystem({
  name: 'add',
  memory: () => ({ v: shared({ n: counter(2) }), mine: owned({ x: counter(2) }) }),
  actors: { thread: () => 2 },
  tags: ['done'],
});

/** Two threads add 1 to a counter without a lock: a load, then a store, in one action. */
export function adds(action: 'addShared' | 'addOwned') {
  const thread = system
    .actor({ events: { STEP: {} } })
    .setup({
      actions: {
        addShared: ({ context: { v } }) => v.n.set(v.n.get() + 1),
        addOwned: ({ context: { mine } }) => mine.x.set(mine.x.get() + 1),
      },
    })
    .createMachine({
      id: 'thread',
      initial: 'add',
      states: { add: { on: { STEP: { actions: action, target: 'done' } } }, done: { type: 'final', tags: ['done'] } },
    });
  const { always } = system.properties;
  return defineDesign({
    id: 'add',
    title: 'two threads, a counter, no lock',
    system,
    machines: { thread },
    properties: [
      always(
        { id: 'both-counted', description: 'the count is 2 at the end' },
        ({ is, v, mine }) => is.done.count() < 2 || v.n.get() + mine.x.get() === 2,
      ),
    ],
  });
}
