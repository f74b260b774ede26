import { expect, it } from 'vitest';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/compile.ts';
import type { Program } from '../../../src/compile/program.ts';
import { bit } from '../../../src/model/declare.ts';
import { defineDesign } from '../../../src/model/define-design.ts';
import { defineSystem, owned } from '../../../src/model/system.ts';
import { EnabledChoices } from '../../../src/search/successors/enabled-choices.ts';
import { RaceProbe } from '../../../src/search/successors/race-probe.ts';

/** Two actors that write the same bit of owned memory at any time. */
const system = defineSystem({
  name: 'writers',
  memory: () => ({ memory: owned({ one: bit() }) }),
  actors: { writer: () => 2 },
});
const writer = system
  .actor({ events: { WRITE: {} } })
  .setup({ actions: { write: ({ context: { memory } }) => memory.one.set(true) } })
  .createMachine({ id: 'writer', initial: 'here', states: { here: { on: { WRITE: { actions: 'write' } } } } });
const design = defineDesign({ id: 'writers', title: 'writers', system, machines: { writer }, properties: [] });

const programs: Readonly<Record<string, () => Program>> = {
  compiled: () => compile(design),
  memoised: () => memoise(compile(design)),
  'memoised, with a full cache': () => {
    const program = memoise(compile(design));
    program.limitCache(0);
    return program;
  },
};

it.each(Object.keys(programs).flatMap((name) => [[name, 0, 1] as const, [name, 1, 0] as const]))(
  'a race probe of a program (%s) tries what choice %i accessed before, at the first step of choice %i',
  (name, first, second) => {
    const program = (programs[name] as () => Program)();
    const choices = new EnabledChoices(program);
    const probe = new RaceProbe(program, choices);
    program.reset();
    const race = (choice: number): string | undefined => {
      const before = Int32Array.from(program.state);
      choices.take(choice);
      return probe.raceBefore(choice, before);
    };
    expect(race(first)).toBeUndefined();
    expect(race(first)).toBeUndefined();
    expect(race(second)).toMatch(/one/);
  },
);

it('a race probe tries what another actor accessed since, though no state of that step was a race', () => {
  const both = defineSystem({
    name: 'writers that rest',
    memory: () => ({ memory: owned({ one: bit() }) }),
    actors: { writer: () => 2 },
  });
  const resting = both
    .actor({ events: { WRITE: {}, REST: {}, WAKE: {} } })
    .setup({ actions: { write: ({ context: { memory } }) => memory.one.set(true) } })
    .createMachine({
      id: 'writer',
      initial: 'awake',
      states: { awake: { on: { WRITE: { actions: 'write' }, REST: 'asleep' } }, asleep: { on: { WAKE: 'awake' } } },
    });
  const program = compile(
    defineDesign({ id: 'resting', title: 'writers', system: both, machines: { writer: resting }, properties: [] }),
  );
  const choices = new EnabledChoices(program);
  const probe = new RaceProbe(program, choices);
  program.reset();
  const race = (actor: number, type: string): string | undefined => {
    const choice = program.events.findIndex((event) => event.actor === actor && event.type === type);
    const before = Int32Array.from(program.state);
    choices.take(choice);
    return probe.raceBefore(choice, before);
  };
  expect([race(0, 'WRITE'), race(0, 'REST'), race(1, 'WRITE'), race(0, 'WAKE')]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(race(0, 'WRITE')).toMatch(/one/);
});
