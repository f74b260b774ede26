import { type AnyDesign, counter, defineDesign, defineSystem, ghost, shared } from '../../src/index.ts';
import type { Machine } from '../../src/model/machine.ts';
import type { MemoryModel } from '../../src/model/store-buffer.ts';
import { explore } from '../support/explore.ts';

type Location = 'x' | 'y' | 'z';

/** One instruction: `MOV [x],$1`, `MOV EAX,[x]`, `MFENCE`, or `XCHG [x],EAX` with 1 in EAX. */
export type Instruction =
  | { readonly kind: 'store' | 'xchg'; readonly at: Location; readonly value: number }
  | { readonly kind: 'load'; readonly at: Location }
  | { readonly kind: 'mfence' };

/** What each process does, in order. */
export type LitmusProgram = readonly (readonly Instruction[])[];

export const store = (at: Location, value: number): Instruction => ({ kind: 'store', at, value });
export const load = (at: Location): Instruction => ({ kind: 'load', at });
export const xchg = (at: Location, value: number): Instruction => ({ kind: 'xchg', at, value });
export const mfence: Instruction = { kind: 'mfence' };

/** A load, by its process and its index there. */
export interface Read {
  readonly process: number;
  readonly place: number;
}

/** The instructions of a program that read, process by process. */
export function readsOf(program: LitmusProgram): Read[] {
  return program.flatMap((instructions, process) =>
    instructions.flatMap(({ kind }, place) => (kind === 'load' || kind === 'xchg' ? [{ process, place }] : [])),
  );
}

/** The locations that a program names. */
export function locationsOf(program: LitmusProgram): Location[] {
  return [...new Set(program.flat().flatMap((instruction) => ('at' in instruction ? [instruction.at] : [])))].sort();
}

/** How a run ended: what each read saw, and what memory holds in the end. `0:r0=0 1:r0=0 x=1 y=1` */
export function outcomeName(program: LitmusProgram, reads: readonly number[], memory: readonly number[]): string {
  const seen = readsOf(program).map(({ process }, n, all) => {
    const register = all.slice(0, n).filter((one) => one.process === process).length;
    return `${process}:r${register}=${reads[n]}`;
  });
  return [...seen, ...locationsOf(program).map((location, n) => `${location}=${memory[n]}`)].join(' ');
}

/**
 * Returns a litmus test as a design: an actor per process, a step per instruction. `ends` is called with every outcome.
 */
function designOf(program: LitmusProgram, memoryModel: MemoryModel, ends: (outcome: string) => void): AnyDesign {
  const reads = readsOf(program);
  const system = defineSystem({
    name: 'litmus',
    memory: () => ({
      memory: shared({ x: counter(2), y: counter(2), z: counter(2) }),
      seen: ghost({ reads: reads.map(() => counter(2)) }),
    }),
    actors: Object.fromEntries(program.map((_, process) => [`p${process}`, 'one' as const])),
    tags: ['done'],
  });
  const machineOf = (instructions: readonly Instruction[], process: number): Machine => {
    const registerOf = (place: number): number =>
      reads.findIndex((read) => read.process === process && read.place === place);
    const actions = instructions.map((instruction, place) => [
      `i${place}`,
      ({ context: { memory, seen, barrier } }: Context) => {
        if (instruction.kind === 'mfence') barrier();
        else if (instruction.kind === 'store') memory[instruction.at].set(instruction.value);
        else if (instruction.kind === 'load') seen.reads(registerOf(place)).set(memory[instruction.at].get());
        else seen.reads(registerOf(place)).set(memory[instruction.at].xchg(instruction.value));
      },
    ]);
    const states = instructions.map((_, place) => [
      `s${place}`,
      { on: { STEP: { actions: `i${place}`, target: `s${place + 1}` } } },
    ]);
    return system
      .actor({ events: { STEP: {} } })
      .setup({ actions: Object.fromEntries(actions) })
      .createMachine({
        id: `p${process}`,
        initial: 's0',
        states: { ...Object.fromEntries(states), [`s${instructions.length}`]: { tags: ['done'] } },
      } as never) as unknown as Machine;
  };
  type Context = { context: Parameters<Parameters<typeof system.properties.always>[1]>[0] & { barrier: () => void } };
  return defineDesign({
    id: 'litmus',
    title: 'a litmus test',
    system,
    machines: Object.fromEntries(
      program.map((instructions, process) => [`p${process}`, machineOf(instructions, process)]),
    ),
    memoryModel,
    properties: [
      system.properties.reachable(
        { id: 'ends', description: 'the program has ended' },
        ({ is, storesAreDrained, memory, seen }) => {
          if (is.done.count() < program.length || !storesAreDrained()) return false;
          const values = locationsOf(program).map((location) => memory[location].get());
          ends(
            outcomeName(
              program,
              reads.map((_, n) => seen.reads(n).get()),
              values,
            ),
          );
          return false;
        },
      ),
    ],
  });
}

/** Every outcome that a complete search of the program finds. */
export function outcomesOf(program: LitmusProgram, memoryModel: MemoryModel, storeBuffer?: number): Set<string> {
  const outcomes = new Set<string>();
  const design = designOf(program, memoryModel, (outcome) => outcomes.add(outcome));
  const { verdict } = explore(design, storeBuffer === undefined ? {} : { storeBuffer });
  if (verdict !== 'holds') throw new Error(`the search is ${verdict}`);
  return outcomes;
}
