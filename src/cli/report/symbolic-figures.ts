import type { CheckResult } from '../../app/check/verification-job.ts';
import type { CheckKind } from '../../model/design.ts';
import type { Exploration, SymbolicActivity, SymbolicFigures } from '../../search/exploration.ts';
import { showBytes, showCount, showSeconds } from '../options/units.ts';
import { coversText } from './covers-text.ts';
import { plural } from './plural.ts';

/** Describes a symbolic search: what it visited, how large its diagrams were, and how far it came if it was stopped. */
export function describeSymbolic({ exploration, seconds, checks }: CheckResult, figures: SymbolicFigures): string[] {
  const { states, transitions, nodes, peakNodes, variables, paths } = figures;
  const counted = transitions === undefined ? '' : `, ${plural(BigInt(transitions), 'transition')}`;
  const diagram = `${plural(nodes, 'node')} for ${plural(variables, 'bit')}`;
  return [
    `symbolic: ${plural(BigInt(states), 'state')}${counted}, ${showSeconds(seconds)}`,
    `${diagram}, at most ${plural(peakNodes, 'node')} in ${showBytes(exploration.tableBytes)}; ${plural(paths, 'path')}`,
    ...(exploration.verdict === 'inconclusive' ? describePartialSets(exploration, checks, figures) : []),
  ];
}

/** Describes what a symbolic search that was stopped has checked. */
function describePartialSets(exploration: Exploration, checks: CheckKind, figures: SymbolicFigures): string[] {
  const { checked, checkedByProperty = [], violated, activity, rounds } = figures;
  const where = exploration.depth === undefined ? `round ${rounds + 1}` : `level ${exploration.depth}`;
  const when = activity === undefined ? [] : [`stopped in ${where}, while it ${activities[activity]}`];
  if (violated !== undefined) {
    return [...when, `${violated} is violated; the search for a schedule to the violation was stopped`];
  }
  if (checks === 'liveness') return when;
  const further = checkedByProperty.filter(({ states }) => BigInt(states) > BigInt(checked));
  const furtherText = further.map(({ id, states }) => `${id} in ${showCount(BigInt(states))}`).join(', ');
  return [
    ...when,
    `no violation in ${plural(BigInt(checked), 'state')} that were checked; ${coversText(exploration)}`,
    ...(further.length > 0 ? [`checked in more states: ${furtherText}`] : []),
  ];
}

/** By activity: what the search did. */
const activities: Readonly<Record<SymbolicActivity, string>> = {
  learn: 'learned relations',
  check: 'checked properties',
  saturate: 'saturated the set of states',
  level: 'visited the next level',
  fair: 'looked for fair cycles',
  lasso: 'looked for a short lasso',
  repeat: 'repeated what it had learned',
  covers: 'evaluated covers and counted transitions',
};
