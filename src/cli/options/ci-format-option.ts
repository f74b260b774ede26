import type { Option } from 'commander';
import { PrecopyError } from '../../model/errors.ts';
import { ciFormatNames, isCiFormat } from '../ci/outcomes.ts';
import { choiceOption } from './choice-option.ts';

/** Returns the option of commands that print a document for a CI system. */
export const ciFormatOption = (): Option =>
  choiceOption('--format <format>', 'a document for a CI system on stdout, text on stderr', ciFormatNames);

/** Help on the formats of CI systems. */
export const ciNote =
  'junit and github (workflow commands of GitHub Actions): what is violated is a failure, what is undecided an error. ' +
  'Exit codes are the same.';

/** @throws PrecopyError `BAD_PARAMETER` if two documents would go to stdout */
export function assertOneDocument({ json, format }: { readonly json?: boolean; readonly format?: string }): void {
  if (!json || !isCiFormat(format)) return;
  const cause = `--json cannot be combined with --format ${format}: each is a document on stdout`;
  throw new PrecopyError('BAD_PARAMETER', cause, 'leave one of the two out');
}
