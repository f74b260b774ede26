import { PrecopyError } from '../model/errors.ts';
import { ExitCode } from './exit-codes.ts';

const report = 'please report this line and the command; PRECOPY_DEBUG=1 shows the stack';

/** What went wrong, as one line, and what the process has to end with. */
export function failureOf(error: unknown): { readonly line: string; readonly exitCode: ExitCode } {
  if (error instanceof PrecopyError && error.code !== 'INTERNAL') {
    return { line: `precopy: ${oneLine(error.message)}. ${oneLine(error.remedy)}`, exitCode: ExitCode.usage };
  }
  const cause = error instanceof PrecopyError ? error.message : String(error);
  return { line: `precopy: a bug of precopy: ${oneLine(cause)}. ${report}`, exitCode: ExitCode.internal };
}

/** Prints a failure on stderr; the stack only for those who ask for it. */
export function reportFailure(error: unknown): ExitCode {
  const { line, exitCode } = failureOf(error);
  process.stderr.write(`${line}\n`);
  if (process.env['PRECOPY_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exitCode;
}

/** A text that may have several lines, as one. */
export function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
