import { PrecopyError } from '../model/errors.ts';
import type { Range } from './ast.ts';

/**
 * Creates the error for a mistake in an expression, with an excerpt that marks its place.
 * @param at the place in the text
 */
export function expressionError(text: string, { start, end }: Range, cause: string, remedy: string): PrecopyError {
  const line = text.replaceAll(/\s/g, ' ');
  const marks = '^'.repeat(Math.max(1, end - start));
  return new PrecopyError(
    'BAD_PARAMETER',
    `--until, column ${start + 1}: ${cause}`,
    remedy,
    `  ${line}\n  ${' '.repeat(start)}${marks}`,
  );
}
