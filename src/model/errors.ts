/** A defect that precopy reports to its user: a stable code, what is wrong, and what to do about it. */
export class PrecopyError extends Error {
  constructor(
    readonly code: ErrorCode,
    cause: string,
    readonly remedy: string,
  ) {
    super(cause);
    this.name = 'PrecopyError';
  }
}

/**
 * The codes are part of the public API: they do not change their meaning.
 * `UNSUPPORTED_FEATURE`: a statechart uses what the compiler refuses. `BAD_DESIGN`: a design contradicts itself.
 * `BAD_PARAMETER`: a size is out of range. `BAD_SCHEDULE`: a schedule cannot be read, or is not for this design.
 * `BAD_FILE`: a file cannot be read or holds no design. `UNKNOWN_NAME`: nothing has that name.
 * `NOT_SOUND`: what was asked for would give a verdict that means nothing.
 * `HOST_UNAVAILABLE`: the KVM of this machine cannot be used. `HOST_REFUSED`: the kernel refused a call. `HOST_GUEST_DIED`: a guest ended
 * in a way that its code does not.
 * `BAD_PROFILE`: a cost profile lacks what a design needs. `TOO_LARGE`: sizes do not fit into memory.
 * `INTERNAL`: precopy contradicts itself; a bug of ours.
 */
export type ErrorCode =
  | 'UNSUPPORTED_FEATURE'
  | 'BAD_DESIGN'
  | 'BAD_PARAMETER'
  | 'BAD_SCHEDULE'
  | 'BAD_FILE'
  | 'UNKNOWN_NAME'
  | 'NOT_SOUND'
  | 'HOST_UNAVAILABLE'
  | 'HOST_REFUSED'
  | 'HOST_GUEST_DIED'
  | 'BAD_PROFILE'
  | 'TOO_LARGE'
  | 'INTERNAL';

/**
 * A step that the model itself forbids: a cell left its range, or a message arrived where nobody expects it. Engines turn it into a
 * violation of `well-formed` with a counterexample.
 */
export class ModelFault extends Error {
  override readonly name = 'ModelFault';
}
