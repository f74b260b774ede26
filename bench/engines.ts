import type { Scenario } from './scenarios.ts';

/** A search engine, as it is called. */
export type Engine = PrecopyEngine | SpinEngine | TlcEngine | TlaCheckerEngine;

export interface PrecopyEngine {
  readonly tool: 'precopy';
  readonly name: string;
  readonly workers: number;
  readonly reductions: 'none' | 'symmetry' | 'partial-order' | 'both';
  /** the kind of properties: liveness is decided on the same states by the search for fair cycles */
  readonly checks: 'safety' | 'liveness';
  readonly strategy: 'exhaustive' | 'symbolic';
}

export interface SpinEngine {
  readonly tool: 'SPIN';
  readonly name: string;
  /** compiler options of pan.c */
  readonly gcc: readonly string[];
  readonly pan: readonly string[];
}

export interface TlcEngine {
  readonly tool: 'TLC';
  readonly name: string;
  readonly workers: number;
  /** reduces states that differ only by a permutation of vCPUs to one */
  readonly symmetry: boolean;
}

interface TlaCheckerEngine {
  readonly tool: 'tla-checker';
  readonly name: string;
}

/** The engine that all times are compared with. */
export const baseline: PrecopyEngine = {
  tool: 'precopy',
  name: 'precopy',
  workers: 1,
  reductions: 'none',
  checks: 'safety',
  strategy: 'exhaustive',
};

/** Sets of states as decision diagrams: all states, on one core. */
const symbolic: PrecopyEngine = { ...baseline, name: 'precopy symbolic', strategy: 'symbolic' };

/** Liveness, by the search for fair cycles on the graph of the same states. */
const liveness: PrecopyEngine = { ...baseline, name: 'precopy liveness', checks: 'liveness' };
const tlc: TlcEngine = { tool: 'TLC', name: 'TLC', workers: 1, symmetry: false };
const twoTlc: TlcEngine = { ...tlc, name: 'TLC, 2 workers', workers: 2 };
const tlaChecker: TlaCheckerEngine = { tool: 'tla-checker', name: 'tla-checker' };

/** A depth-first stack that is deep enough. The hash table has pan's default size: a larger one is no faster. */
const depthFirst = ['-m5000000'];
/** Two cores. This hash table holds no more states than slots, so it has to fit the largest scenario. */
const breadthFirst = ['-u2', '-w25'];
const plainSpin: SpinEngine = {
  tool: 'SPIN',
  name: 'SPIN -DNOREDUCE',
  gcc: ['-O2', '-DSAFETY', '-DNOREDUCE', '-DNOFAIR'],
  pan: depthFirst,
};

/**
 * The peers, and the other searches of precopy, that visit all states without a reduction: their counts must equal
 * those of `baseline`.
 */
export const unreducedPeers: readonly Engine[] = [symbolic, liveness, plainSpin, tlc, twoTlc, tlaChecker];

const engines: readonly Engine[] = [
  baseline,
  { ...baseline, name: 'precopy, 2 workers', workers: 2 },
  { ...baseline, name: 'precopy partial-order', reductions: 'partial-order' },
  { ...baseline, name: 'precopy partial-order, 2 workers', reductions: 'partial-order', workers: 2 },
  { ...baseline, name: 'precopy symmetry', reductions: 'symmetry' },
  { ...baseline, name: 'precopy symmetry, 2 workers', reductions: 'symmetry', workers: 2 },
  { ...baseline, name: 'precopy both', reductions: 'both' },
  { ...baseline, name: 'precopy both, 2 workers', reductions: 'both', workers: 2 },
  symbolic,
  liveness,
  { tool: 'SPIN', name: 'SPIN', gcc: ['-O2', '-DSAFETY'], pan: depthFirst },
  plainSpin,
  { tool: 'SPIN', name: 'SPIN -O3', gcc: ['-O3', '-DSAFETY'], pan: depthFirst },
  { tool: 'SPIN', name: 'SPIN -DCOLLAPSE', gcc: ['-O2', '-DSAFETY', '-DCOLLAPSE'], pan: depthFirst },
  { tool: 'SPIN', name: 'SPIN -DBFS_PAR, 2 cores', gcc: ['-O2', '-DSAFETY', '-DBFS_PAR'], pan: breadthFirst },
  tlc,
  twoTlc,
  { ...tlc, name: 'TLC symmetry', symmetry: true },
  { ...twoTlc, name: 'TLC symmetry, 2 workers', symmetry: true },
  tlaChecker,
];

/**
 * Returns the engines for a scenario. Symmetry needs interchangeable vCPUs; tla-checker takes minutes for 100,000
 * states.
 */
export function enginesFor({ name, vcpus, emulating, only }: Scenario): readonly Engine[] {
  const areAlike = emulating === 0 || emulating === vcpus;
  return engines.filter(
    (engine) =>
      (areAlike || !needsEqualVcpus(engine)) &&
      (name === 'tiny' || engine !== tlaChecker) &&
      (only === undefined || only.includes(engine.name)),
  );
}

function needsEqualVcpus(engine: Engine): boolean {
  if (engine.tool === 'TLC') return engine.symmetry;
  return engine.tool === 'precopy' && (engine.reductions === 'symmetry' || engine.reductions === 'both');
}
