import { describeFailure } from '../../app/failure.ts';
import { ExitCode } from '../exit-codes.ts';
import { printable } from './printable.ts';

/** Prints a failure on stderr, with its stacks if PRECOPY_DEBUG=1. Returns the exit code for it. */
export function reportFailure(error: unknown): { readonly exitCode: ExitCode } {
  const { cause, remedy, isInternal } = describeFailure(error);
  process.stderr.write(`${printable(`precopy: ${cause}. ${remedy}`)}\n`);
  if (process.env['PRECOPY_DEBUG'] === '1') process.stderr.write(printable(stacksOf(error)));
  return { exitCode: isInternal ? ExitCode.internal : ExitCode.usage };
}

/** Formats the stack of an exception, and of the exceptions that caused it. */
function stacksOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return `${error.stack}\n${stacksOf(error.cause)}`;
}
