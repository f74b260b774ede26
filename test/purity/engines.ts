import * as fc from 'fast-check';
import {
  type AnyDesign,
  breadthFirstSearch,
  compile,
  LiveSystem,
  liveness,
  memoise,
  PrecopyError,
  type Program,
  runEngine,
} from 'precopy';
import { generatedDispatch } from '../../src/compile/dispatch-codegen.ts';
import { bitstate } from '../../src/search/dfs/bitstate.ts';
import { dpor } from '../../src/search/dpor/dpor.ts';
import { sampleSchedules } from '../../src/search/random/schedule-sampling.ts';
import { naiveSearch } from '../../src/search/reference/naive.ts';
import { symbolicSearch } from '../../src/search/symbolic/symbolic-search.ts';
import { runArbitrary } from '../../src/testing/fast-check.ts';

const sampled = (strategy: 'random' | 'pct' | 'pos') => (program: Program) =>
  sampleSchedules(program, { strategy, seed: 1, runs: 10, depth: 10, bugDepth: 1 });

type Run = (design: AnyDesign) => unknown;
const on =
  (engine: (program: Program) => Generator<unknown, unknown, never>): Run =>
  (design) =>
    runEngine(engine(memoise(compile(design))) as never);

/** Whatever evaluates designs, by name: each runs all functions of a toy. */
export const engines: Readonly<Record<string, Run>> = {
  'exhaustive, cached': on(breadthFirstSearch as never),
  'exhaustive, not cached': (design) => runEngine(breadthFirstSearch(compile(design))),
  'exhaustive, generated code': (design) =>
    runEngine(breadthFirstSearch(compile(design, {}, { dispatch: generatedDispatch }))),
  'exhaustive, store buffers': (design) =>
    runEngine(breadthFirstSearch(memoise(compile({ ...design, memoryModel: 'tso' })))),
  liveness: on(liveness as never),
  random: on(sampled('random') as never),
  pct: on(sampled('pct') as never),
  pos: on(sampled('pos') as never),
  dpor: on(((program: Program) => dpor(program, { depth: 10 })) as never),
  bitstate: on(((program: Program) => bitstate(program, { depth: 10, seed: 1, bytes: 1 << 16 })) as never),
  symbolic: on(symbolicSearch as never),
  reference: (design) => naiveSearch(design, {}),
  live: (design) => {
    const live = new LiveSystem(design);
    try {
      for (let n = 0; n < 2; n++) live.take(live.enabled()[0] as never);
    } finally {
      live.stop();
    }
  },
  'fast-check': (design) =>
    fc.assert(
      fc.property(runArbitrary(design), () => true),
      { numRuns: 5, seed: 1 },
    ),
};

/** Returns the text of the refusal of a design; what else happens otherwise. */
export function refusalBy(run: Run, design: AnyDesign): string {
  try {
    run(design);
  } catch (error) {
    const cause = error instanceof PrecopyError ? error : (error as { cause?: unknown }).cause;
    return cause instanceof PrecopyError && cause.code === 'BAD_DESIGN' ? cause.message : String(error);
  }
  return 'nothing is refused';
}
