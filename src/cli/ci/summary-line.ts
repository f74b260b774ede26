import { showSeconds } from '../options/units.ts';
import { plural } from '../report/plural.ts';
import type { Case, Suite } from './outcomes.ts';

/**
 * Formats the outcome of a command in one line: how many suites passed, those that did not with their cases, and the
 * time.
 *
 * @example summaryLine('check', suites, 1.2) // 'check: 1 of 2 entries passed; failed: a (b); 1.20 s'
 */
export function summaryLine(command: string, suites: readonly Suite[], seconds: number): string {
  const without = (outcome: Case['outcome']): string[] =>
    suites.flatMap(({ name, cases }) => {
      const ids = cases.filter((one) => one.outcome === outcome).map((one) => one.name);
      return ids.length === 0 ? [] : [`${shortName(name, command)} (${ids.join(', ')})`];
    });
  const [failed, undecided] = [without('failed'), without('undecided')];
  const passed = suites.filter(({ cases }) => cases.every(({ outcome }) => !isOpen(outcome)));
  const parts = [
    `${passed.length} of ${plural(suites.length, 'entry', 'entries')} passed`,
    ...(failed.length > 0 ? [`failed: ${listOf(failed)}`] : []),
    ...(undecided.length > 0 ? [`undecided: ${listOf(undecided)}`] : []),
    showSeconds(seconds),
  ];
  return `${command}: ${parts.join('; ')}`;
}

const isOpen = (outcome: Case['outcome']): boolean => outcome === 'failed' || outcome === 'undecided';

const most = 5;

/** Joins names; of many, the first ones and how many there are besides. */
const listOf = (names: readonly string[]): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

const shortName = (suite: string, command: string): string =>
  suite.startsWith(`${command} `) ? suite.slice(command.length + 1) : suite;
