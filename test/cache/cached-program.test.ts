import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoise } from '../../src/cache/cached-program.ts';
import { compile } from '../../src/compile/compile.ts';
import { type Program, StepOutcome } from '../../src/compile/program.ts';
import { bit, bitmap } from '../../src/model/declare.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import type { SystemEvent } from '../../src/model/events.ts';
import { defineSystem, owned } from '../../src/model/system.ts';
import { designsOrMutants } from '../support/nightly.ts';

/** All that a program says about its state and its last step. */
const saidBy = (program: Program) => {
  const hit: number[] = [];
  program.covers(
    program.properties.map((_, n) => n),
    (n) => hit.push(n),
  );
  const { actor, actions, payload } = program.lastStep();
  const events = new Int32Array(program.events.length);
  return {
    state: [...program.state],
    enabled: [...events.subarray(0, program.enabled(events))],
    taken: program.lastTransition(),
    moves: movesOf(program),
    offers: program.actors.map((_, actor) => [...program.enabledOf(actor)]),
    accepts: program.events.map(({ id }) => program.accepts(id)),
    seen: { actor, actions: [...actions], payload },
    violated: program.violated(),
    deadlocked: program.violatedByDeadlock(),
    covers: hit,
  };
};

const movesOf = ({ microsteps }: Program) => [
  microsteps.actors.slice(0, microsteps.count),
  microsteps.transitions.slice(0, microsteps.count),
  microsteps.senders.slice(0, microsteps.count),
  microsteps.postedTypes.slice(0, microsteps.postedCount),
  microsteps.postedFrom.slice(0, microsteps.postedCount),
  microsteps.postedTo.slice(0, microsteps.postedCount),
];

/** Takes random steps until a fault or a deadlock, and checks the program before each. */
function* walk(program: Program, numbers: readonly number[]) {
  const events = new Int32Array(program.events.length);
  program.reset();
  for (const number of numbers) {
    yield saidBy(program);
    const count = program.enabled(events);
    const outcomes: number[] = [];
    for (let n = 0; n < count; n++) {
      const event = events[(n + number) % count] as number;
      const { domain } = program.events[event] as SystemEvent;
      if (domain === 0) continue;
      outcomes.push(program.step(event, number % domain));
      if (outcomes.at(-1) !== StepOutcome.refused) break;
    }
    yield { outcomes, fault: outcomes.at(-1) === StepOutcome.fault ? program.fault() : '' };
    if (outcomes.at(-1) !== StepOutcome.taken) return;
  }
}

describe('a memoised program says what the program itself says, on random walks of', () => {
  for (const design of designsOrMutants) {
    it(design.id, () => {
      const memoised = memoise(compile(design));
      const plain = compile(design);
      const numbers = fc.array(fc.nat(), { minLength: 80, maxLength: 80 });
      fc.assert(
        fc.property(numbers, (all) => {
          expect([...walk(memoised, all)]).toEqual([...walk(plain, all)]);
        }),
        { numRuns: 6 },
      );
      expect([...memoised.counts]).toEqual([...plain.counts]);
    });
  }
});

const flipping = (extra: { flips?: () => boolean; bits?: number }) => {
  const system = defineSystem({
    name: 'flip',
    memory: () => ({ memory: owned({ on: bit(), wide: bitmap(extra.bits ?? 1) }) }),
    actors: { flipper: 'one' },
  });
  const flipper = system
    .actor({ events: { FLIP: {} } })
    .setup({ actions: { flip: ({ context: { memory } }) => memory.on.set(extra.flips?.() ?? !memory.on.get()) } })
    .createMachine({ id: 'flipper', initial: 'here', states: { here: { on: { FLIP: { actions: 'flip' } } } } });
  return defineDesign({
    id: 'flip',
    title: 'flips a bit',
    system,
    machines: { flipper },
    properties: [system.properties.always({ id: 'any', description: 'anything' }, () => true)],
  });
};

describe('memoise', () => {
  it('runs an action twice, and no more, for all states that agree in what it reads', () => {
    let runs = 0;
    const program = memoise(compile(flipping({ flips: () => ++runs > 0 })));
    program.reset();
    for (let n = 0; n < 10; n++) {
      program.reset();
      program.step(0, 0);
    }
    expect(runs).toBe(2);
    expect([...program.counts]).toEqual([10]);
  });

  it('counts the steps of effects that were evicted, too', () => {
    const program = memoise(compile(flipping({})));
    program.reset();
    for (let n = 0; n < 7; n++) {
      program.step(0, 0);
      if (n % 3 === 2) program.successors?.clear();
    }
    expect([...program.counts]).toEqual([7]);
  });

  it('leaves a system with cells of more than 32 bits as it is', () => {
    const program = compile(flipping({ bits: 33 }));
    expect(memoise(program)).toBe(program);
  });
});
