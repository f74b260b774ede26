import Table from 'cli-table3';
import { labelOf, type SweptFigures } from '../../app/simulate/simulate-document.ts';
import type { EndedEarly } from '../../simulate/results.ts';
import { showBytes, showCount, showNs, showRate, showSeconds } from '../options/units.ts';
import type { Output } from './console-output.ts';
import { linesOf, noRules } from './table.ts';

/** What the figures are of, in a line. */
export function whatWasRun(
  [first]: readonly SweptFigures[],
  { workload, profile }: { readonly profile: string; readonly workload: string },
): string {
  if (!first) return '';
  const { memoryBytes, params, runs, swept } = first;
  const repeated = runs > 1 ? `, ${runs} runs` : '';
  const all = {
    memory: showBytes(memoryBytes),
    vcpus: `${params['vcpus']} vCPUs`,
    workload,
    profile: `profile ${profile}`,
  };
  return `${Object.entries(all)
    .filter(([name]) => !(name in swept))
    .map(([, text]) => text)
    .join(', ')}${repeated}`;
}

/** Prints the designs side by side: how long a guest's write takes, how long mmu_lock is held, what GET costs, how the migration ends. */
export function reportFigures(
  figures: readonly SweptFigures[],
  flags: { readonly profile: string; readonly workload: string; readonly collectEvery?: number },
  output: Output,
): void {
  const [first] = figures;
  if (!first) return;
  output.printDetail(`${whatWasRun(figures, flags)}\n`);
  const migrates = flags.collectEvery === undefined;
  const swept = Object.keys(first.swept);
  const head = [
    'design',
    ...swept,
    'write p50',
    'p99.9',
    'max',
    '',
    'lock held',
    'GET',
    'faults',
    ...(migrates ? ['total', 'downtime'] : ['writes/s']),
  ];
  const longest = Math.max(...figures.map(({ vcpuWriteNs }) => vcpuWriteNs.max));
  const table = new Table({
    head: head.map((title) => output.ink.bold(title)),
    chars: noRules,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: head.map((_, n) => (n === 0 || head[n] === '' ? 'left' : 'right')),
  });
  for (const one of figures) {
    const { vcpuWriteNs, mmuLockHoldNs, getDirtyLogNs } = one;
    table.push([
      one.design,
      ...swept.map((name) => one.swept[name] ?? ''),
      showNs(vcpuWriteNs.p50),
      showNs(vcpuWriteNs.p999),
      showNs(vcpuWriteNs.max),
      bar(vcpuWriteNs.max, longest),
      showNs(mmuLockHoldNs.max),
      showNs(getDirtyLogNs.max),
      showCount(one.faults),
      ...(migrates
        ? [showNs(one.totalNs), one.converged ? showNs(one.downtimeNs) : 'never']
        : [showRate(one.vcpuWritesPerSecond)]),
    ]);
  }
  output.print(linesOf(table));
  output.printDetail(
    '\nwrite: of a guest to a page; lock held: mmu_lock, the longest; GET: GET_DIRTY_LOG, the longest; bars are logarithmic, from 1 us',
  );
  for (const one of figures) reportNotes(one, output);
  const steps = figures.reduce((sum, one) => sum + one.steps, 0);
  const wall = figures.reduce((sum, one) => sum + one.wallSeconds, 0);
  output.printDetail(`${showCount(steps)} steps in ${showSeconds(wall)} (${showRate(steps / wall)} steps/s)`);
}

export const whyItEnded: Readonly<Record<EndedEarly, string>> = {
  time: 'no time was left',
  interrupt: 'interrupted',
  duration: 'the end of --duration',
  deadlock: 'nothing could happen any more',
  violated: '',
};

/** Says what is wrong with figures: a property that is violated, a run that did not end. */
export function reportNotes(figures: SweptFigures, output: Output): void {
  const { violation, endedEarly, converged, convergence, simulatedNs } = figures;
  const design = labelOf(figures);
  if (violation)
    output.print(
      `${design}: ${violation.property} is violated after ${showNs(violation.atNs)}, in run ${violation.run}`,
    );
  else if (endedEarly) {
    output.print(
      `${design}: partial, ${whyItEnded[endedEarly]} after ${showNs(simulatedNs)}${converged === false ? `; ${convergence}` : ''}`,
    );
  }
}

const barWidth = 12;

function bar(ns: number, longestNs: number): string {
  const share = Math.log(Math.max(1, ns / 1000)) / Math.log(Math.max(Math.E, longestNs / 1000));
  const eighths = Math.round(share * barWidth * 8);
  return '█'.repeat(eighths >> 3) + (eighths & 7 ? (' ▏▎▍▌▋▊▉'[eighths & 7] as string) : '');
}
