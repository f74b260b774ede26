import { PrecopyError } from '../../model/errors.ts';
import { ExitCode } from '../exit-codes.ts';

const report = 'please report this line and the command; PRECOPY_DEBUG=1 shows the stack';

/** What went wrong, in two sentences of one line each, and what the process has to end with. */
interface Failure {
  readonly cause: string;
  readonly remedy: string;
  readonly exitCode: ExitCode;
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof PrecopyError)) {
    return { cause: `internal error: ${oneLine(String(error))}`, remedy: report, exitCode: ExitCode.internal };
  }
  const [cause, remedy] = [oneLine(error.message), oneLine(error.remedy)];
  if (error.code !== 'INTERNAL') return { cause, remedy, exitCode: ExitCode.usage };
  return { cause: `internal error: ${cause}`, remedy, exitCode: ExitCode.internal };
}

/** Prints a failure on stderr; the stack only for those who ask for it. */
export function reportFailure(error: unknown): Failure {
  const failure = failureOf(error);
  process.stderr.write(`precopy: ${failure.cause}. ${failure.remedy}\n`);
  if (process.env['PRECOPY_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return failure;
}

/** A text that may have several lines, as one. */
export function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
