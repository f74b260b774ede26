import { type AnyDesign, counter, defineDesign, defineSystem, type Property, shared } from 'precopy';

/** One access of a thread: `w0` stores to variable 0, `r1` loads variable 1, `-` accesses no shared variable. */
export type Access = `${'r' | 'w'}${0 | 1 | 2}` | '-';

const coarse = 'the program counter is a cell besides the one that is accessed';

/**
 * Creates a design of threads that execute their accesses and stop: the smallest programs of partial order reduction.
 * A store writes 1 + the index of the thread.
 */
export function threads(programs: readonly (readonly Access[])[], propertiesOf: PropertiesOf = () => []): AnyDesign {
  const longest = Math.max(...programs.map(({ length }) => length));
  const system = defineSystem({
    name: 'threads',
    memory: () => ({
      mem: shared({
        variable: [0, 1, 2].map(() => counter(programs.length)),
        pc: programs.map(() => counter(longest)),
      }),
    }),
    actors: { thread: () => programs.length },
  });
  const machine = system
    .actor({ events: { STEP: {} }, registers: () => ({ seen: counter(programs.length) }) })
    .setup({
      actions: {
        access: ({ context: { mem, my, nth } }) => {
          const pc = mem.pc(nth).get();
          const access = programs[nth]?.[pc] as Access;
          if (access.startsWith('w')) mem.variable(Number(access[1])).set(nth + 1);
          if (access.startsWith('r')) my.seen = mem.variable(Number(access[1])).get();
          mem.pc(nth).set(pc + 1);
        },
      },
      guards: {
        hasMore: ({ context: { mem, nth } }) => mem.pc(nth).get() < (programs[nth]?.length as number),
      },
    })
    .createMachine({
      id: 'thread',
      initial: 'running',
      states: { running: { on: { STEP: { guard: 'hasMore', actions: 'access', meta: { coarse } } } } },
    });
  return defineDesign({
    id: 'threads',
    title: 'loads and stores',
    system,
    machines: { thread: machine },
    properties: propertiesOf(system),
  }) as AnyDesign;
}

// biome-ignore lint/suspicious/noExplicitAny: the system is created inside
type PropertiesOf = (system: any) => readonly Property[];
// biome-ignore lint/suspicious/noExplicitAny: the same
export type ThreadsView = any;
