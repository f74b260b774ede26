import fc from 'fast-check';
import { LiveSystem, memoise, replay, runEngine } from 'precopy';
import { runArbitrary } from 'precopy/fast-check';
import { describe, expect, it } from 'vitest';
import 'precopy/vitest';
import { compile } from '../../src/compile/compile.ts';
import { generatedDispatch } from '../../src/compile/dispatch-codegen.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { breadthFirstSearch } from '../../src/search/bfs/breadth-first-search.ts';
import { preemptionBoundedSearch } from '../../src/search/bfs/preemption-bound.ts';
import { bitstate } from '../../src/search/dfs/bitstate.ts';
import { dpor } from '../../src/search/dpor/dpor.ts';
import type { Engine, Exploration } from '../../src/search/exploration.ts';
import { liveness } from '../../src/search/liveness/liveness.ts';
import { sampleSchedules } from '../../src/search/random/schedule-sampling.ts';
import { type SchedulerName, schedulers } from '../../src/search/random/schedulers.ts';
import { naiveSearch } from '../../src/search/reference/naive.ts';
import {
  malformed,
  refused,
  refusedElsewhere,
  refusedProperties,
  threadsAndServer,
  wellFormed,
} from './access-designs.ts';

const cached = (design: AnyDesign) => memoise(compile(design));
const uncached = (design: AnyDesign) => compile(design, {}, { dispatch: generatedDispatch });
const options = { seed: 1, depth: 20, bytes: 2 ** 16 };

/** Every engine, on every kind of program that it runs on. */
const engines: Readonly<Record<string, (design: AnyDesign) => Engine>> = {
  'breadth first, cached': (design) => breadthFirstSearch(cached(design)),
  'breadth first, interpreted': (design) => breadthFirstSearch(compile(design)),
  'breadth first, generated code': (design) => breadthFirstSearch(uncached(design)),
  'sleep sets': (design) => breadthFirstSearch(cached(design), { partialOrder: true }),
  'preemption bound': (design) => preemptionBoundedSearch(cached(design), 3),
  'fair cycles': (design) => liveness(cached(design)),
  bitstate: (design) => bitstate(cached(design), options),
  dpor: (design) => dpor(cached(design), { depth: 9 }),
  ...Object.fromEntries(
    Object.keys(schedulers).map((strategy) => [
      strategy,
      (design: AnyDesign) =>
        sampleSchedules(cached(design), {
          ...options,
          strategy: strategy as SchedulerName,
          runs: 200,
          bugDepth: 3,
        }),
    ]),
  ),
};

const run = (engine: (design: AnyDesign) => Engine, design: AnyDesign): Exploration => runEngine(engine(design));

describe('a step that is not well-formed:', () => {
  for (const [name, [parts, text]] of Object.entries(malformed)) {
    const design = threadsAndServer(parts);
    it.each(Object.keys(engines))(`${name}, by %s`, (engine) => {
      const { violation } = run(engines[engine] as never, design);
      expect(violation).toMatchObject({ property: 'well-formed' });
      expect(violation?.fault).toMatch(/accesses shared memory twice|is owned memory/);
      const trace = replay(design, {}, violation?.schedule ?? []);
      expect(trace.violation?.property).toBe('well-formed');
    });

    it(`${name}: a shortest counterexample, which live actors confirm in the same words`, () => {
      const { violation } = run(engines['breadth first, cached'] as never, design);
      expect(violation?.fault).toMatch(text);
      expect(naiveSearch(design, {}).violation).toEqual({
        property: 'well-formed',
        length: violation?.schedule.length,
      });
      expect(replay(design, {}, violation?.schedule ?? []).violation?.detail).toBe(violation?.fault);
    });

    it(`${name}, with store buffers`, () => {
      const { violation } = run(engines['breadth first, cached'] as never, { ...design, memoryModel: 'tso' });
      expect(violation?.fault).toMatch(text);
    });

    it(`${name}, in tests`, () => {
      const { properties } = design;
      const sampling = { strategy: 'random', seed: 1, runs: 200 } as const;
      expect(() => expect(design).toHold(properties)).toThrow(/well-formed/);
      expect(() => expect(design).toSurvive(properties, {}, sampling)).toThrow(/well-formed/);
      const runs = fc.sample(runArbitrary(design), { numRuns: 100, seed: 1 });
      expect(runs.some(({ violated }) => violated === 'well-formed')).toBe(true);
    });
  }
});

/** Those that every engine is asked about: the rest differ from them in the cell or the operation alone. */
const everywhere = ['a guard that writes a register', 'an action that reads a ghost', 'a ghost update that sends'];

describe('a function that does what it may not:', () => {
  for (const [name, [parts, text]] of Object.entries(refused)) {
    const design = threadsAndServer(parts);
    it.each(everywhere.includes(name) ? Object.keys(engines) : [])(`${name}, by %s`, (engine) => {
      expect(() => run(engines[engine] as never, design)).toThrow(expect.objectContaining({ code: 'BAD_DESIGN' }));
    });

    it(`${name}: the error names it, and the cell`, () => {
      expect(() => run(engines['breadth first, cached'] as never, design)).toThrow(text);
      expect(() => naiveSearch(design, {})).toThrow(text);
    });

    it(`${name}, on live actors`, () => {
      expect(() => {
        const live = new LiveSystem(design);
        for (let n = 0; n < 4; n++) live.take(live.enabled()[0] as never);
        replay(design, {}, []);
      }).toThrow(text);
    });
  }
});

describe('a property that does what it may not:', () => {
  for (const [name, [parts, text]] of Object.entries(refusedProperties)) {
    const design = threadsAndServer(parts);
    it.each(Object.keys(engines).filter((one) => one !== 'fair cycles'))(`${name}, by %s`, (engine) => {
      expect(() => run(engines[engine] as never, design)).toThrow(text);
    });

    it(`${name}, by the reference and on live actors`, () => {
      expect(() => naiveSearch(design, {})).toThrow(text);
      expect(() => replay(design, {}, [])).toThrow(text);
    });
  }

  const engineOf = { cover: 'bitstate', leadsTo: 'fair cycles', when: 'fair cycles', end: 'random' } as const;
  it.each(Object.keys(engineOf) as (keyof typeof engineOf)[])('%s', (part) => {
    const design = threadsAndServer(refusedElsewhere[part]);
    expect(() => run(engines[engineOf[part]] as never, design)).toThrow(/the property 'looks' writes v\.n \(set\)/);
  });
});

describe('no engine accuses', () => {
  for (const [name, parts] of Object.entries(wellFormed)) {
    const design = threadsAndServer(parts);
    it.each(Object.keys(engines))(`${name}, by %s`, (engine) => {
      expect(run(engines[engine] as never, design).violation).toBeUndefined();
    });

    it(`${name}, naively or with store buffers`, () => {
      expect(naiveSearch(design, {}).violation).toBeUndefined();
      expect(run(engines['breadth first, cached'] as never, { ...design, memoryModel: 'tso' }).verdict).toBe('holds');
    });
  }
});
