import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type AnyDesign,
  breadthFirstSearch,
  compile,
  counter,
  defineDesign,
  defineSystem,
  memoise,
  owned,
  runEngine,
  shared,
} from '../../../src/index.ts';
import { dpor } from '../../../src/search/dpor/dpor.ts';

/** A step of a thread: it accesses owned memory, stores to a flag, or waits until a flag has a value. */
interface Instruction {
  readonly does: 'load' | 'store' | 'signal' | 'wait';
  readonly cell: 0 | 1;
  readonly value: 0 | 1;
}

const anyInstruction: fc.Arbitrary<Instruction> = fc.record({
  does: fc.constantFrom('load', 'store', 'signal', 'wait', 'signal', 'wait'),
  cell: fc.constantFrom(0, 1),
  value: fc.constantFrom(0, 1),
});
const anyProgram = fc.array(fc.array(anyInstruction, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 3 });

function designOf(programs: readonly (readonly Instruction[])[]): AnyDesign {
  const longest = Math.max(...programs.map(({ length }) => length));
  const system = defineSystem({
    name: 'owners',
    memory: () => ({ mine: owned({ x: [counter(1), counter(1)] }), all: shared({ flag: [counter(1), counter(1)] }) }),
    actors: { thread: () => programs.length },
  });
  const instructionOf = (nth: number, pc: number): Instruction | undefined => programs[nth]?.[pc];
  const thread = system
    .actor({ events: { STEP: {} }, registers: () => ({ pc: counter(longest) }) })
    .setup({
      actions: {
        execute: ({ context: { mine, all, my, nth } }) => {
          const { does, cell, value } = instructionOf(nth, my.pc) as Instruction;
          if (does === 'load') mine.x(cell).get();
          if (does === 'store') mine.x(cell).set(value);
          if (does === 'signal') all.flag(cell).set(value);
          my.pc += 1;
        },
      },
      guards: {
        mayGoOn: ({ context: { all, my, nth } }) => {
          const next = instructionOf(nth, my.pc);
          return next !== undefined && (next.does !== 'wait' || all.flag(next.cell).get() === next.value);
        },
      },
    })
    .createMachine({
      id: 'thread',
      initial: 'running',
      states: { running: { on: { STEP: { guard: 'mayGoOn', actions: 'execute' } } } },
    });
  return defineDesign({ id: 'owners', title: 'owners', system, machines: { thread }, properties: [] }) as AnyDesign;
}

it('dpor finds a race for owned memory where breadth-first search does', () => {
  const found = { holds: 0, violated: 0 };
  fc.assert(
    fc.property(anyProgram, (programs) => {
      const design = designOf(programs);
      const { verdict } = runEngine(breadthFirstSearch(memoise(compile(design))));
      expect(runEngine(dpor(memoise(compile(design)), { depth: 9 })).verdict).toBe(verdict);
      found[verdict as keyof typeof found]++;
    }),
    { numRuns: 40 },
  );
  expect(Math.min(found.holds, found.violated)).toBeGreaterThan(3);
});
