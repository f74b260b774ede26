import { bitmap, counter, defineDesign, defineSystem, index, queue, shared } from 'precopy';

/** A design whose only step does `set`; a second bitmap of more than 32 bits takes it out of the transition cache. */
export function designThat(set: 'bitmap' | 'counter' | 'index' | 'queue' | 'list', isCached: boolean) {
  const system = defineSystem({
    name: 's',
    memory: () => ({
      m: shared({
        map: bitmap(4),
        counter: counter(10),
        place: index(4),
        queue: queue(2, 4),
        list: [counter(10), counter(10)],
        ...(isCached ? {} : { big: bitmap(33) }),
      }),
    }),
    actors: { a: 'one' },
    tags: [],
  });
  const a = system
    .actor({ events: { SET: {} } })
    .setup({
      actions: {
        bitmap: ({ context: { m } }) => m.map.set(1 / 2),
        counter: ({ context: { m } }) => m.counter.set(1 / 2),
        index: ({ context: { m } }) => m.place.set(1 / 2),
        queue: ({ context: { m } }) => m.queue.push(1 / 2),
        list: ({ context: { m } }) => m.list(1 / 2).set(1),
      },
    })
    .createMachine({ id: 'a', initial: 'p', states: { p: { on: { SET: { actions: set, target: 'q' } } }, q: {} } });
  const { noDeadlock } = system.properties;
  return defineDesign({
    id: 'fractional',
    title: 'an index that is no integer',
    system,
    machines: { a },
    properties: [noDeadlock({ id: 'may-stop', description: 'it may stop everywhere' }, () => true)],
  });
}
