import type { Program } from '../../compile/program.ts';
import { breadthFirstSearch, type Limits, type SearchServices } from '../../search/bfs/breadth-first-search.ts';
import { PreemptionBoundedProgram, preemptionBoundedSearch } from '../../search/bfs/preemption-bound.ts';
import type { Engine } from '../../search/exploration.ts';
import type { ReductionName } from '../../search/reductions.ts';
import { SymmetryReducedProgram } from '../../search/symmetry/symmetry.ts';
import { symmetryReducedSearch } from '../../search/symmetry/symmetry-search.ts';

/** The program that a breadth-first search explores. All its threads explore the same one. */
export type SearchMode = 'plain' | 'by symmetry' | { readonly preemptions: number };

/** Returns the mode that reductions and a preemption bound ask for. */
export function searchModeOf({
  reductions,
  preemptions,
}: {
  readonly reductions?: readonly ReductionName[];
  readonly preemptions?: number;
}): SearchMode {
  if (reductions?.includes('symmetry')) return 'by symmetry';
  return preemptions === undefined ? 'plain' : { preemptions };
}

/** Creates the search of the main thread. */
export function startSearch(mode: SearchMode, program: Program, limits: Limits, services: SearchServices): Engine {
  if (mode === 'plain') return breadthFirstSearch(program, limits, services);
  if (mode === 'by symmetry') return symmetryReducedSearch(program, limits, services);
  return preemptionBoundedSearch(program, mode.preemptions, limits, services);
}

/** Creates the program of a worker thread. */
export function programForMode(mode: SearchMode, program: Program): Program {
  if (mode === 'plain') return program;
  return mode === 'by symmetry'
    ? new SymmetryReducedProgram(program)
    : new PreemptionBoundedProgram(program, mode.preemptions);
}
