import type { Program } from '../../compile/program.ts';
import { ZobristHash } from '../storage/zobrist-hash.ts';
import { SymmetryReducedProgram } from '../symmetry/symmetry.ts';
import { DirectSuccessors } from './direct-successors.ts';
import { IncrementalSuccessors } from './incremental-successors.ts';
import type { SuccessorGenerator } from './successor-generator.ts';

/** Creates the successor generator of a program: from its transition cache if it has one. */
export function createSuccessorGenerator(program: Program): SuccessorGenerator {
  const { state, successors } = program;
  if (!successors) return new DirectSuccessors(program);
  const isSymmetric = program instanceof SymmetryReducedProgram && program.order > 1;
  return new IncrementalSuccessors(state, successors, isSymmetric ? program.hash : new ZobristHash(successors.fields));
}
