import { PrecopyError } from '../model/errors.ts';
import { oneLine } from './wording.ts';

/** A failure in words: two sentences of one line each, and possibly the text that has a mistake. */
export interface FailureText {
  readonly cause: string;
  readonly remedy: string;
  /** lines of the text, with marks under the place of the mistake */
  readonly excerpt?: string;
  /** whether precopy is at fault, not its input */
  readonly isInternal: boolean;
}

const reportIt = 'please report this line and the command; PRECOPY_DEBUG=1 shows the stack';

/** Describes an exception. Anything but a `PrecopyError` is an internal error. */
export function describeFailure(error: unknown): FailureText {
  if (!(error instanceof PrecopyError)) {
    return { cause: `internal error: ${oneLine(String(error))}`, remedy: reportIt, isInternal: true };
  }
  const isInternal = error.code === 'INTERNAL';
  const cause = oneLine(error.message);
  const { excerpt } = error;
  return {
    cause: isInternal ? `internal error: ${cause}` : cause,
    remedy: oneLine(error.remedy),
    ...(excerpt !== undefined && { excerpt }),
    isInternal,
  };
}
