import type { Program } from '../../compile/program.ts';
import { breadthFirstSearch, type Limits, type SearchServices } from '../../search/bfs/breadth-first-search.ts';
import { PreemptionBoundedProgram, preemptionBoundedSearch } from '../../search/bfs/preemption-bound.ts';
import { SymmetryReducedProgram } from '../../search/symmetry/symmetry.ts';
import { symmetryReducedSearch } from '../../search/symmetry/symmetry-search.ts';
import type { Engine, SearchLimits } from './engine-driver.ts';

/** The way in which a search of all states looks at a program: all of its threads in the same one. */
export type SearchMode = 'plain' | 'by symmetry' | { readonly preemptions: number };

export function wayOf({ reductions, preemptions }: Pick<SearchLimits, 'reductions' | 'preemptions'>): SearchMode {
  if (reductions?.includes('symmetry')) return 'by symmetry';
  return preemptions === undefined ? 'plain' : { preemptions };
}

/** The search, as the main thread leads it. */
export function startSearch(way: SearchMode, program: Program, limits: Limits, outside: SearchServices): Engine {
  if (way === 'plain') return breadthFirstSearch(program, limits, outside);
  if (way === 'by symmetry') return symmetryReducedSearch(program, limits, outside);
  return preemptionBoundedSearch(program, way.preemptions, limits, outside);
}

/** What a thread that helps with it runs. */
export function programForMode(way: SearchMode, program: Program): Program {
  if (way === 'plain') return program;
  return way === 'by symmetry'
    ? new SymmetryReducedProgram(program)
    : new PreemptionBoundedProgram(program, way.preemptions);
}
