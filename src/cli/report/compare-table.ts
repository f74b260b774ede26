import type { CompareDocument } from '../../app/compare/compare-document.ts';
import { showCount, showNs, showRate } from '../options/units.ts';
import type { Output } from './console-output.ts';
import { commandLineOf } from './shell-command.ts';
import { experimentText, reportNotes } from './simulate-table.ts';
import { table } from './table.ts';

const head = ['design', 'verdict', 'states', 'write p99.9', 'max', 'lock held', 'GET', 'faults', 'writes/s'];

/** Prints a table of designs: the verdict of the search, and the simulated times of a guest. */
export function reportComparison({ check, simulate }: CompareDocument, output: Output): void {
  const { ink } = output;
  const paint = { holds: ink.green, violated: ink.red, inconclusive: ink.yellow };
  const checked = [...check.designs, ...(check.mutants ?? [])];
  const rows = simulate.designs.map((figures) => {
    const entry = checked.find(({ design }) => design === figures.design);
    return {
      cells: [
        figures.design,
        entry ? paint[entry.verdict](entry.verdict) : ink.yellow('not checked'),
        entry ? showCount(entry.states) : '',
        showNs(figures.vcpuWriteNs.p999),
        showNs(figures.vcpuWriteNs.max),
        showNs(figures.mmuLockHoldNs.max),
        showNs(figures.getDirtyLogNs.max),
        showCount(figures.faults),
        showRate(figures.vcpuWritesPerSecond),
      ],
    };
  });
  const right = head.map((_, column) => column >= 2);
  output.printProseDetail(`${experimentText(simulate.designs, simulate)}\n`);
  output.print(table(head, rows, output, right));
  output.printDetail('');
  output.printProseDetail(
    'verdict, states: all interleavings at small parameters; write: of a guest to a page; ' +
      'lock held: mmu_lock, the longest; GET: GET_DIRTY_LOG, the longest',
  );
  for (const figures of simulate.designs) reportNotes(figures, output);
  for (const { design, verdict } of checked) {
    if (verdict === 'violated') output.printDetail(`for a counterexample: ${commandLineOf(['check', design])}`);
  }
}
