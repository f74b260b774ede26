import type { ParamSpecs, Sizes } from './system.ts';

/**
 * What changes places when two actors of a role do. A search that uses it proves for each step that it takes that this is so, and refuses the
 * design where it is not: a name that is missing here, or one too many, costs the reduction and never a verdict.
 */
export interface SymmetrySpec<P extends ParamSpecs = ParamSpecs> {
  /** the role whose actors may change places, with their registers, mailboxes and states */
  readonly role: string;
  /** actors of equal kind change places, others do not; all of them, unless told */
  readonly kindOf?: (params: Sizes<P>, nth: number) => number;
  /** lists of cells that begin with one cell for each of them, and bitmaps with one bit for each, by their place in the role */
  readonly byNth: readonly string[];
  /** sets of actors */
  readonly byActor: readonly string[];
  /** numbers of actors, and queues of them: by name whether they mean something in a state of their owner, which is told as a path with dots */
  readonly numbers: Readonly<Record<string, (state: string) => boolean>>;
  /** payloads of events that are a place in the role */
  readonly payloads: readonly string[];
}
