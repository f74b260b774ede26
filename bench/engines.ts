import type { Size } from './sizes.ts';

/** One way to search. */
export type Engine = PrecopyEngine | SpinEngine | TlcEngine | TlaCheckerEngine;

export interface PrecopyEngine {
  readonly tool: 'precopy';
  readonly name: string;
  readonly workers: number;
  readonly reductions: 'none' | 'symmetry' | 'partial-order' | 'both';
}

export interface SpinEngine {
  readonly tool: 'SPIN';
  readonly name: string;
  /** what pan.c is compiled with */
  readonly gcc: readonly string[];
  readonly pan: readonly string[];
}

export interface TlcEngine {
  readonly tool: 'TLC';
  readonly name: string;
  readonly workers: number;
  /** keeps one state of all that differ only in which vCPU is which */
  readonly symmetry: boolean;
}

interface TlaCheckerEngine {
  readonly tool: 'tla-checker';
  readonly name: string;
}

/** What the times of all others are compared with. */
export const plainPrecopy: PrecopyEngine = { tool: 'precopy', name: 'precopy', workers: 1, reductions: 'none' };

const tlc: TlcEngine = { tool: 'TLC', name: 'TLC', workers: 1, symmetry: false };
const twoTlc: TlcEngine = { ...tlc, name: 'TLC, 2 workers', workers: 2 };
const tlaChecker: TlaCheckerEngine = { tool: 'tla-checker', name: 'tla-checker' };

/** The depth-first stack has to be deep enough; the hash table is as big as pan makes it unasked: more is no faster. Only safety is checked. */
const depthFirst = ['-m5000000'];
/** Two cores, and room for the largest size: this hash table holds no more states than it has places. */
const breadthFirst = ['-u2', '-w25'];
const plainSpin: SpinEngine = {
  tool: 'SPIN',
  name: 'SPIN -DNOREDUCE',
  gcc: ['-O2', '-DSAFETY', '-DNOREDUCE', '-DNOFAIR'],
  pan: depthFirst,
};

/** What searches all states without a reduction, as `plainPrecopy` does, so that the counts of each have to be equal to those. */
export const plainPeers: readonly Engine[] = [plainSpin, tlc, twoTlc, tlaChecker];

const engines: readonly Engine[] = [
  plainPrecopy,
  { ...plainPrecopy, name: 'precopy, 2 workers', workers: 2 },
  { ...plainPrecopy, name: 'precopy partial-order', reductions: 'partial-order' },
  { ...plainPrecopy, name: 'precopy partial-order, 2 workers', reductions: 'partial-order', workers: 2 },
  { ...plainPrecopy, name: 'precopy symmetry', reductions: 'symmetry' },
  { ...plainPrecopy, name: 'precopy symmetry, 2 workers', reductions: 'symmetry', workers: 2 },
  { ...plainPrecopy, name: 'precopy both', reductions: 'both' },
  { ...plainPrecopy, name: 'precopy both, 2 workers', reductions: 'both', workers: 2 },
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

/** The engines that can search at a size: symmetry takes vCPUs that are alike, and tla-checker minutes for a hundred thousand states. */
export function enginesAt({ name, vcpus, emulating }: Size): readonly Engine[] {
  const areAlike = emulating === 0 || emulating === vcpus;
  return engines.filter((engine) => (areAlike || !takesAlike(engine)) && (name === 'tiny' || engine !== tlaChecker));
}

function takesAlike(engine: Engine): boolean {
  if (engine.tool === 'TLC') return engine.symmetry;
  return engine.tool === 'precopy' && (engine.reductions === 'symmetry' || engine.reductions === 'both');
}
