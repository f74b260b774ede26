import type { Program } from '../compile/program.ts';
import { exhaustive, type Limits, type Outside } from '../explore/exhaustive.ts';
import { exhaustiveByPreemptions, FewPreemptions } from '../explore/preemptions.ts';
import { exhaustiveBySymmetry } from '../explore/reduced.ts';
import { Symmetric } from '../explore/symmetry.ts';
import type { Engine, SearchLimits } from './search.ts';

/** The way in which a search of all states looks at a program: all of its threads in the same one. */
export type Way = 'plain' | 'by symmetry' | { readonly preemptions: number };

export function wayOf({ reductions, preemptions }: Pick<SearchLimits, 'reductions' | 'preemptions'>): Way {
  if (reductions?.includes('symmetry')) return 'by symmetry';
  return preemptions === undefined ? 'plain' : { preemptions };
}

/** The search, as the main thread leads it. */
export function searchIn(way: Way, program: Program, limits: Limits, outside: Outside): Engine {
  if (way === 'plain') return exhaustive(program, limits, outside);
  if (way === 'by symmetry') return exhaustiveBySymmetry(program, limits, outside);
  return exhaustiveByPreemptions(program, way.preemptions, limits, outside);
}

/** What a thread that helps with it runs. */
export function programIn(way: Way, program: Program): Program {
  if (way === 'plain') return program;
  return way === 'by symmetry' ? new Symmetric(program) : new FewPreemptions(program, way.preemptions);
}
