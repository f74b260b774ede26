import Table from 'cli-table3';
import type { Compared } from '../../app/compare/compare-document.ts';
import { showCount, showNs, showRate } from '../options/units.ts';
import type { Output } from './console-output.ts';
import { reportNotes, whatWasRun } from './simulate-table.ts';
import { linesOf, noRules } from './table.ts';

const head = ['design', 'verdict', 'states', 'write p99.9', 'max', 'lock held', 'GET', 'faults', 'writes/s'];

/** Prints the designs side by side: what was proved, and what a guest waits for. */
export function reportCompared(
  compared: readonly Compared[],
  flags: { readonly profile: string; readonly workload: string },
  output: Output,
): void {
  const { ink } = output;
  const paint = { holds: ink.green, violated: ink.red, inconclusive: ink.yellow };
  const table = new Table({
    head: head.map((title) => ink.bold(title)),
    chars: noRules,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: head.map((_, column) => (column < 2 ? 'left' : 'right')),
  });
  for (const { design, check, clock } of compared) {
    table.push([
      design,
      check ? paint[check.verdict](check.verdict) : ink.yellow('not checked'),
      check ? showCount(check.states) : '',
      showNs(clock.vcpuWriteNs.p999),
      showNs(clock.vcpuWriteNs.max),
      showNs(clock.mmuLockHoldNs.max),
      showNs(clock.getDirtyLogNs.max),
      showCount(clock.faults),
      showRate(clock.vcpuWritesPerSecond),
    ]);
  }
  output.printDetail(
    `${whatWasRun(
      compared.map(({ clock }) => clock),
      flags,
    )}\n`,
  );
  output.print(linesOf(table));
  output.printDetail(
    '\nverdict, states: of all interleavings at small sizes; write: of a guest to a page; lock held: mmu_lock, the longest;' +
      '\nGET: GET_DIRTY_LOG, the longest',
  );
  for (const { clock } of compared) reportNotes(clock, output);
  const violated = compared.filter(({ check }) => check?.verdict === 'violated');
  for (const { design } of violated) output.printDetail(`for a counterexample: npx precopy check ${design}`);
}
