import fc from 'fast-check';
import { actor, actorQueue, actorSet, bit, bitmap, compile, counter, memoise } from 'precopy';
import { describe, expect, it } from 'vitest';
import { defineDesign } from '../../../src/model/define-design.ts';
import { posted } from '../../../src/model/messages.ts';
import type { BitField } from '../../../src/model/state-layout.ts';
import { defineSystem, shared } from '../../../src/model/system.ts';
import { SymmetryReducedProgram } from '../../../src/search/symmetry/symmetry.ts';

const workers = 3;
const actors = workers + 2;

/**
 * Workers that are interchangeable, and two actors that are not. What is indexed by workers or actors has bits and
 * cells of others as well.
 */
function office(kindOf: (nth: number) => number): SymmetryReducedProgram {
  const system = defineSystem({
    name: 'office',
    memory: () => ({
      m: shared({
        flags: bitmap(workers + 2),
        present: actorSet(actors),
        desks: Array.from({ length: workers + 1 }, () => counter(3)),
        light: bit(),
      }),
    }),
    messages: { HELLO: posted() },
    actors: { worker: () => workers, boss: 'one', clerk: 'one' },
    symmetry: {
      role: 'worker',
      kindOf: (_, nth) => kindOf(nth),
      perProcess: ['m.flags', 'm.desks'],
      processSets: ['m.present'],
      processIds: { 'boss.who': () => true, 'boss.line': (at) => at === 'busy' },
      payloads: [],
    },
  });
  const idle = { initial: 'idle', states: { idle: { on: { STEP: 'busy' } }, busy: { on: { STEP: 'idle' } } } } as const;
  const events = { STEP: {} };
  const machineOf = (id: string, registers: () => object) =>
    system
      .actor({ events, registers } as never)
      .setup({ actions: {} } as never)
      .createMachine({ id, ...idle } as never);
  const machines = {
    worker: machineOf('worker', () => ({ count: counter(3) })),
    boss: machineOf('boss', () => ({ who: actor(actors), line: actorQueue(3, actors) })),
    clerk: machineOf('clerk', () => ({ count: counter(3) })),
  };
  const design = defineDesign({ id: 'office', title: 'an office', system, machines, properties: [] } as never);
  return new SymmetryReducedProgram(memoise(compile(design)));
}

const read = ({ at, shift, width }: BitField, state: Int32Array): number =>
  ((state[at] as number) >>> shift) & (2 ** width - 1);

function write({ at, shift, width }: BitField, value: number, state: Int32Array): void {
  const mask = (2 ** width - 1) << shift;
  state[at] = ((state[at] as number) & ~mask) | ((value << shift) & mask);
}

describe.each<[string, (nth: number) => number]>([
  ['all', () => 0],
  ['two', (nth) => Number(nth === 0)],
])('the orbit hash, if %s of three processes are of a kind,', (_, kindOf) => {
  const program = office(kindOf);
  const { fields } = program.successors;
  const { cells } = program.instance;
  /** fields of the queue: its length, and its entries, of which those beyond the length are 0 */
  const [length, ...entries] = fieldsOf('boss.line') as [BitField, ...BitField[]];

  function fieldsOf(cell: string): readonly BitField[] {
    const sizes = cells.map(({ plain }) =>
      'bits' in plain ? Number(plain.bits) : 'capacity' in plain ? 1 + Number(plain.capacity) : 1,
    );
    const n = cells.findIndex(({ plain }) => plain.name === cell);
    const first = sizes.slice(0, n).reduce((sum, size) => sum + size, 0);
    return fields.slice(first, first + (sizes[n] as number));
  }

  const anyState = fc
    .array(fc.nat(), { minLength: fields.length, maxLength: fields.length })
    .map((values) => stateOf((n) => (values[n] as number) % 2 ** (fields[n] as BitField).width));

  function stateOf(valueIn: (field: number) => number): Int32Array {
    const state = new Int32Array(program.state.length);
    for (const [n, field] of fields.entries()) write(field, valueIn(n), state);
    for (const [n, entry] of entries.entries()) if (n >= read(length, state)) write(entry, 0, state);
    return state;
  }

  /** It is written again for each state. */
  const lanes = new Int32Array(2 * (program.hash.blocks + 1));

  function hashOf(state: Int32Array): string {
    program.hash.accumulate(state, lanes, 0);
    const blocks = Array.from({ length: program.hash.blocks + 1 }, (_, n) => lanes.slice(2 * n, 2 * n + 2).join());
    return [blocks[0], ...blocks.slice(1).sort()].join(' ');
  }

  const alike = office(() => 0);

  /** Returns the images of a state under the permutations of processes of a kind, or of all. */
  function imagesOf(state: Int32Array, { permutations } = program): string[] {
    return permutations.map((permutation) => {
      const image = new Int32Array(state.length);
      permutation.apply(state, image);
      return image.join();
    });
  }

  it('is that of each permuted state', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        for (const image of imagesOf(state))
          expect(hashOf(Int32Array.from(image.split(',').map(Number)))).toBe(hashOf(state));
      }),
      { numRuns: 50 },
    );
  });

  it('is another one for a state that no permutation makes of it', () => {
    fc.assert(
      fc.property(anyState, fc.nat(fields.length - 1), fc.nat(), (state, changed, value) => {
        const other = stateOf((n) =>
          n === changed ? value % 2 ** (fields[n] as BitField).width : read(fields[n] as BitField, state),
        );
        expect(hashOf(other) === hashOf(state)).toBe(imagesOf(state).includes(other.join()));
      }),
      { numRuns: 300 },
    );
  });

  it('is that of an exchange of processes if they are of a kind', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const own = imagesOf(state);
        for (const image of imagesOf(state, alike)) {
          expect(hashOf(Int32Array.from(image.split(',').map(Number))) === hashOf(state)).toBe(own.includes(image));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is of as many states as the orbit has, whose size leaves the state as it is', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        program.state.set(state);
        expect(program.orbitSize()).toBe(new Set(imagesOf(state)).size);
        expect([...program.state]).toEqual([...state]);
      }),
      { numRuns: 50 },
    );
  });
});
