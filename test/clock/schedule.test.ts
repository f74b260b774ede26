import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import { LiveSystem } from '../../src/live/live-system.ts';
import type { Choice } from '../../src/model/choices.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { designsByDay } from '../support/nightly.ts';
import { experiment, flatProfile, migration, runOf, uniform } from './toy.ts';

/** Choices of a run, in order. */
function scheduleOf(design: AnyDesign): { choices: Choice[]; params: Readonly<Record<string, number>> } {
  const choices: Choice[] = [];
  const one = experiment(design, flatProfile(design, 300, { IPI: 2000, IPI_ACK: 100, KICK: 900, PAUSE: 5000 }), {
    memoryBytes: 40 * 4096,
    workload: uniform(50_000),
    mode: { migration: { ...migration, bandwidth: 40e6, downtimeLimitNs: 0.1e6 } },
    durationNs: 5e6,
  });
  runOf(one, 0, { step: ({ event, payload }) => choices.push({ event, payload }) });
  return { choices, params: one.params };
}

describe('a simulation run is a schedule of the model: live actors replay it and reach the same state', () => {
  for (const design of designsByDay) {
    it(design.id, () => {
      const { choices, params } = scheduleOf(design);
      expect(choices.length).toBeGreaterThan(100);
      const program = compile(design, params);
      program.reset();
      const live = new LiveSystem(design, params);
      for (const choice of choices.slice(0, 250)) {
        live.take(choice);
        program.step(choice.event, choice.payload);
      }
      expect(live.fault).toBeUndefined();
      expect(live.instance.state).toEqual(program.state);
    });
  }
});
