import { type Case, countOf, type Suite } from './outcomes.ts';

/**
 * Formats suites as workflow commands of GitHub Actions: an error for each case that is violated or undecided, a
 * warning for each that nothing looked for, and a notice with their numbers.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubCommands(suites: readonly Suite[]): string {
  const counts = (['passed', 'failed', 'undecided', 'skipped'] as const).map(
    (outcome) => `${countOf(suites, outcome)} ${outcome}`,
  );
  return [
    ...suites.flatMap(({ name, cases }) => cases.flatMap((one) => commandOf(one, name))),
    `::notice title=precopy::${counts.join(', ')}`,
  ].join('\n');
}

function commandOf({ name, outcome, message }: Case, suite: string): string[] {
  if (outcome === 'passed') return [];
  const level = outcome === 'skipped' ? 'warning' : 'error';
  return [`::${level} title=${escapedProperty(`${suite}: ${name}`)}::${escapedData(message ?? outcome)}`];
}

// as `escapeData` and `escapeProperty` of @actions/core
const escapedData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapedProperty = (text: string): string => escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
