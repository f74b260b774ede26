/**
 * An error that precopy reports to its user: a stable code, the cause, and a remedy.
 * @example
 * if (error instanceof PrecopyError) console.error(`${error.message}: ${error.remedy}`, error.code);
 */
export class PrecopyError extends Error {
  constructor(
    readonly code: ErrorCode,
    cause: string,
    readonly remedy: string,
    /** lines of the text that has the mistake, with marks under its place */
    readonly excerpt?: string,
  ) {
    super(cause);
    this.name = 'PrecopyError';
  }
}

/**
 * The codes of errors. They are part of the public API and keep their meaning.
 *
 * - `UNSUPPORTED_FEATURE`: a statechart has a feature that the compiler rejects
 * - `BAD_DESIGN`: a design is inconsistent
 * - `BAD_PARAMETER`: a parameter is out of range
 * - `BAD_SCHEDULE`: a schedule cannot be parsed, or is for another model
 * - `BAD_FILE`: a file cannot be read, or exports no design
 * - `UNKNOWN_NAME`: nothing has that name
 * - `NOT_SOUND`: the verdict of the requested combination would not be sound
 * - `HOST_UNAVAILABLE`: the KVM of this machine cannot be used
 * - `HOST_REFUSED`: the kernel refused a system call
 * - `HOST_GUEST_DIED`: a guest ended unexpectedly
 * - `BAD_PROFILE`: a cost profile lacks a cost that a design needs
 * - `TOO_LARGE`: a model at these params does not fit into memory
 * - `INTERNAL`: a bug of precopy
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
 * A step that is not well-formed: a cell leaves its range, or no transition takes a message. Engines report it as a
 * violation of `well-formed` with a counterexample.
 * @example
 * throw new ModelFault('kvm.owner is 0 to 2 and cannot become 3');
 */
export class ModelFault extends Error {
  override readonly name = 'ModelFault';
}
