import Table from 'cli-table3';
import type { Coverage } from '../../search/bfs/coverage.ts';
import { showCount } from '../options/units.ts';
import type { Output } from './console-output.ts';
import { linesOf, noRules } from './table.ts';

type CoveredTransition = Coverage['transitions'][number];

/** How many transitions are shown: those that find the most states. `--json` has all. */
const mostRows = 12;

/** Where the states of a search come from, and what of the model it never came to. */
export function reportCoverage({ transitions, deadCells }: Coverage, output: Output): void {
  const { ink } = output;
  const states = 1 + transitions.reduce((sum, { newStates }) => sum + newStates, 0);
  const busiest = transitions
    .filter(({ taken }) => taken > 0)
    .sort((a, b) => b.newStates - a.newStates || b.taken - a.taken);
  const table = new Table({
    head: ['where the states come from', 'taken', 'new states', ''].map((title) => ink.bold(title)),
    chars: noRules,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  for (const transition of busiest.slice(0, mostRows)) {
    const { taken, newStates } = transition;
    table.push([
      nameOf(transition),
      showCount(taken),
      showCount(newStates),
      `${Math.round((100 * newStates) / states)} %`,
    ]);
  }
  output.printDetail(`\n${linesOf(table).replaceAll(/^(?=.)/gm, '  ')}`);
  const more = busiest.length - mostRows;
  if (more > 0) output.printDetail(`  and ${more} more that were taken (--json has all)`);
  const unreached = transitions.filter(({ taken }) => taken === 0).map(nameOf);
  output.paragraph(unreached.length > 0 ? `never taken: ${unreached.join('; ')}` : 'every transition was taken');
  output.paragraph(deadCells.length > 0 ? `cells that never change: ${deadCells.join(', ')}` : 'every cell changes');
}

/** `vcpu: host.lockMmu on LOCK_GRANTED [2] -> host.markPageDirty` */
function nameOf({ machine, source, event, index, target }: CoveredTransition): string {
  const which = index === 0 ? '' : ` [${index}]`;
  const on = event === '' ? 'always' : `on ${event}`;
  return `${machine}: ${source} ${on}${which}${target === undefined ? '' : ` -> ${target}`}`;
}
