import { describeFailure } from '../../app/failure.ts';
import { ExitCode } from '../exit-codes.ts';
import { printable } from './printable.ts';

/**
 * Prints a failure on stderr, with its stacks if PRECOPY_DEBUG=1. Returns the exit code for it.
 * @param printed what was printed before, and is not again: two searches of a design fail for one reason
 */
export function reportFailure(error: unknown, printed = new Set<string>()): { readonly exitCode: ExitCode } {
  const { cause, remedy, excerpt, isInternal } = describeFailure(error);
  const exitCode = isInternal ? ExitCode.internal : ExitCode.usage;
  const text = printable(`precopy: ${cause}. ${remedy}`);
  if (printed.has(text)) return { exitCode };
  printed.add(text);
  process.stderr.write(`${text}\n`);
  if (excerpt !== undefined) process.stderr.write(`${printable(excerpt)}\n`);
  if (process.env['PRECOPY_DEBUG'] === '1') process.stderr.write(printable(stacksOf(error)));
  return { exitCode };
}

/** Formats the stack of an exception, and of the exceptions that caused it. */
function stacksOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return `${error.stack}\n${stacksOf(error.cause)}`;
}
