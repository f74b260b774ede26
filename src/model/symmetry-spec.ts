import type { ParamSpecs, ParamValues } from './system-types.ts';

/**
 * A declaration of the symmetry of a system: what is permuted when two actors of a role are exchanged. A search checks
 * it for each new effect, and rejects the design if it is wrong: a missing or superfluous name costs the reduction,
 * never a wrong verdict.
 */
export interface SymmetrySpec<P extends ParamSpecs = ParamSpecs> {
  /** role of the interchangeable actors, whose registers, mailboxes and locations are permuted */
  readonly role: string;
  /** only actors of the same kind are interchangeable; all of them by default */
  readonly kindOf?: (params: ParamValues<P>, nth: number) => number;
  /**
   * lists of cells that begin with one cell per process, and bitmaps with one bit per process, by index in the role
   */
  readonly perProcess: readonly string[];
  /** cells that hold sets of actor ids */
  readonly processSets: readonly string[];
  /**
   * cells that hold actor ids, and queues of them: whether the value has a meaning in a state of the owner, given as a
   * path with dots
   */
  readonly processIds: Readonly<Record<string, (state: string) => boolean>>;
  /** names of payloads that are an index in the role */
  readonly payloads: readonly string[];
}
