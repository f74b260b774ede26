import type { Size } from './sizes.ts';

/** One way to search. */
export type Engine = PrecopyEngine | SpinEngine;

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

/** Both search all states without a reduction by these, so that their counts have to be equal. */
export const plainPrecopy: PrecopyEngine = { tool: 'precopy', name: 'precopy', workers: 1, reductions: 'none' };

/** The depth-first stack has to be deep enough; the hash table is as big as pan makes it unasked. Only safety is checked. */
const depthFirst = ['-m5000000'];
export const plainSpin: SpinEngine = {
  tool: 'SPIN',
  name: 'SPIN -DNOREDUCE',
  gcc: ['-O2', '-DSAFETY', '-DNOREDUCE', '-DNOFAIR'],
  pan: depthFirst,
};

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
  { tool: 'SPIN', name: 'SPIN -DBFS_PAR, 2 cores', gcc: ['-O2', '-DSAFETY', '-DBFS_PAR'], pan: ['-u2'] },
];

/** The engines that can search at a size: symmetry takes vCPUs that are alike. */
export function enginesAt({ vcpus, emulating }: Size): readonly Engine[] {
  const areAlike = emulating === 0 || emulating === vcpus;
  return engines.filter((engine) => engine.tool === 'SPIN' || areAlike || !takesAlike(engine));
}

const takesAlike = ({ reductions }: PrecopyEngine): boolean => reductions === 'symmetry' || reductions === 'both';
