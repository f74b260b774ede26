import type { Coverage } from '../../search/bfs/coverage.ts';
import { showCount } from '../options/units.ts';
import type { Output } from './console-output.ts';
import { plural } from './plural.ts';
import { table } from './table.ts';
import { transitionName } from './transition-name.ts';

/** Number of transitions in the table: those with the most new states. */
const maxRows = 12;

/** Prints the transitions that lead to the most new states, the unreached transitions, and the constant cells. */
export function reportCoverage({ transitions, deadCells }: Coverage, output: Output): void {
  const states = 1 + transitions.reduce((sum, { newStates }) => sum + newStates, 0);
  const busiest = transitions
    .filter(({ taken }) => taken > 0)
    .sort((a, b) => b.newStates - a.newStates || b.taken - a.taken);
  const rows = busiest.slice(0, maxRows).map((transition) => {
    const { taken, newStates } = transition;
    const share = `${Math.round((100 * newStates) / states)} %`;
    return { cells: [transitionName(transition), showCount(taken), showCount(newStates), share] };
  });
  const head = ['transition', 'taken', 'new states', ''];
  const text = table(head, rows, { width: output.width - 2, ink: output.ink }, [false, true, true, true]);
  output.printDetail(`\n${text.replaceAll(/^(?=.)/gm, '  ')}`);
  const more = busiest.length - maxRows;
  if (more > 0) output.printDetail(`  and ${plural(more, 'more transition')} taken (--json lists all)`);
  const unreached = transitions.filter(({ taken }) => taken === 0).map(transitionName);
  output.paragraph(
    unreached.length > 0 ? `unreached transitions: ${unreached.join('; ')}` : 'every transition was taken',
  );
  output.paragraph(deadCells.length > 0 ? `constant cells: ${deadCells.join(', ')}` : 'every cell changes');
}
