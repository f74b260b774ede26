import type { ParamSpecs, ParamValues } from './system-types.ts';

/**
 * What changes places when two actors of a role do. A search that uses it proves for each step that it takes that this
 * is so, and refuses the design where it is not: a name that is missing here, or one too many, costs the reduction and
 * never a verdict.
 */
export interface SymmetrySpec<P extends ParamSpecs = ParamSpecs> {
  /** the role whose actors may change places, with their registers, mailboxes and states */
  readonly role: string;
  /** actors of equal kind change places, others do not; all of them, unless told */
  readonly kindOf?: (params: ParamValues<P>, nth: number) => number;
  /**
   * lists of cells that begin with one cell for each of them, and bitmaps with one bit for each, by their place in the
   * role
   */
  readonly perProcess: readonly string[];
  /** sets of actors */
  readonly processSets: readonly string[];
  /**
   * numbers of actors, and queues of them: by name whether they mean something in a state of their owner, which is told
   * as a path with dots
   */
  readonly processIds: Readonly<Record<string, (state: string) => boolean>>;
  /** payloads of events that are a place in the role */
  readonly payloads: readonly string[];
}
