import { type AnyDesign, counter, defineDesign, defineSystem, type Property, shared } from 'precopy';

/**
 * One step of a thread, on variables `v` and `w`. A `wait` is disabled until its condition holds; `storeAt` stores to
 * the variable whose index is in `v`.
 */
export interface Instruction {
  readonly does: 'load' | 'store' | 'storeAt' | 'wait' | 'waitForAny' | 'waitForNone' | 'pick' | 'either' | 'increment';
  readonly v: number;
  readonly w: number;
  readonly x: number;
}

const maxValue = 3;
const coarse = 'an instruction accesses several variables, and the program counter';

/**
 * Creates a design of threads that wait for each other, choose, and disable choices of each other: all that makes
 * partial order reduction difficult.
 * @param onEnd gets each final state, as text
 */
export function waitingThreads(
  programs: readonly (readonly Instruction[])[],
  onEnd: (state: string) => void,
): AnyDesign {
  const longest = Math.max(...programs.map(({ length }) => length));
  const system = defineSystem({
    name: 'waiting-threads',
    memory: () => ({
      mem: shared({ variable: [0, 1, 2].map(() => counter(maxValue)), pc: programs.map(() => counter(longest)) }),
    }),
    actors: { thread: () => programs.length },
  });
  // biome-ignore lint/suspicious/noExplicitAny: the system is created inside
  const instructionOf = ({ mem, nth }: any): Instruction | undefined => programs[nth]?.[mem.pc(nth).get()];
  const machine = system
    .actor({
      events: { STEP: {}, PICK: { field: 'which', size: () => 2 } },
      registers: () => ({ seen: counter(maxValue) }),
    })
    .setup({
      actions: {
        step: ({ context }) => {
          const { mem, my, nth } = context;
          const { does, v, x } = instructionOf(context) as Instruction;
          const variable = mem.variable(v);
          if (does === 'store' || does === 'either') variable.set(x);
          else if (does === 'storeAt') mem.variable(variable.get() % 3).set(x);
          else if (does === 'increment') variable.set((variable.get() + 1) % (maxValue + 1));
          else my.seen = variable.get();
          mem.pc(nth).set(mem.pc(nth).get() + 1);
        },
        pick: ({ context, event }) => {
          const { mem, nth } = context;
          const { v, w } = instructionOf(context) as Instruction;
          mem.variable(event.which === 0 ? v : w).set(event.which + 1);
          mem.pc(nth).set(mem.pc(nth).get() + 1);
        },
      },
      guards: {
        canStep: ({ context }) => {
          const at = instructionOf(context);
          if (!at || at.does === 'pick') return false;
          const [v, w] = [at.v, at.w].map((n) => () => context.mem.variable(n).get()) as [() => number, () => number];
          if (at.does === 'wait') return v() === at.x;
          if (at.does === 'waitForAny') return v() !== 0 || w() !== 0;
          return at.does !== 'waitForNone' || (v() === 0 && w() === 0);
        },
        canPick: ({ context, event }) => {
          const at = instructionOf(context);
          if (at?.does === 'either') return context.mem.variable(at.w).get() === at.x || event.which === 1;
          return at?.does === 'pick';
        },
      },
    })
    .createMachine({
      id: 'thread',
      initial: 'running',
      states: {
        running: {
          on: {
            STEP: { guard: 'canStep', actions: 'step', meta: { coarse } },
            PICK: { guard: 'canPick', actions: 'pick', meta: { coarse } },
          },
        },
      },
    });
  const end: Property = system.properties.noDeadlock({ id: 'end', description: '' }, ({ mem }) => {
    const numbers = [...[0, 1, 2].map((n) => mem.variable(n)), ...programs.map((_, n) => mem.pc(n))];
    onEnd(numbers.map((cell) => cell.get()).join(' '));
    return true;
  });
  return defineDesign({
    id: 'waiting-threads',
    title: 'waiting threads',
    system,
    machines: { thread: machine },
    properties: [end],
  }) as AnyDesign;
}
