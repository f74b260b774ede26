import { labelOf, type SweptFigures } from '../../app/simulate/simulate-document.ts';
import type { EndedEarly } from '../../simulate/results.ts';
import { showBytes, showCount, showNs, showRate, showSeconds } from '../options/units.ts';
import type { Output } from './console-output.ts';
import { plural } from './plural.ts';
import { table } from './table.ts';

/** Formats what all figures have in common: memory, vCPUs, workload, profile, runs. */
export function experimentText(
  [first]: readonly SweptFigures[],
  { workload, profile }: { readonly profile: string; readonly workload: string },
): string {
  if (!first) return '';
  const { memoryBytes, params, runs, swept } = first;
  const repeated = runs > 1 ? `, ${runs} runs` : '';
  const all = {
    memory: showBytes(memoryBytes),
    vcpus: plural(params['vcpus'] ?? 0, 'vCPU'),
    workload,
    profile: `profile ${profile}`,
  };
  return `${Object.entries(all)
    .filter(([name]) => !(name in swept))
    .map(([, text]) => text)
    .join(', ')}${repeated}`;
}

/**
 * Prints a table of designs: the times of a guest's writes, of mmu_lock and of GET_DIRTY_LOG, and how the migration
 * ends.
 */
export function reportFigures(
  figures: readonly SweptFigures[],
  flags: { readonly profile: string; readonly workload: string; readonly collectEvery?: number },
  output: Output,
): void {
  const [first] = figures;
  if (!first) return;
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
  const rows = figures.map((one) => ({
    cells: [
      one.design,
      ...swept.map((name) => one.swept[name] ?? ''),
      showNs(one.vcpuWriteNs.p50),
      showNs(one.vcpuWriteNs.p999),
      showNs(one.vcpuWriteNs.max),
      bar(one.vcpuWriteNs.max, longest),
      showNs(one.mmuLockHoldNs.max),
      showNs(one.getDirtyLogNs.max),
      showCount(one.faults),
      ...(migrates
        ? [showNs(one.totalNs), one.converged ? showNs(one.downtimeNs) : 'never']
        : [showRate(one.vcpuWritesPerSecond)]),
    ],
  }));
  output.printProseDetail(`${experimentText(figures, flags)}\n`);
  output.print(
    table(
      head,
      rows,
      output,
      head.map((title, column) => column > 0 && title !== ''),
    ),
  );
  output.printDetail('');
  output.printProseDetail(
    'write: of a guest to a page; lock held: mmu_lock, the longest; GET: GET_DIRTY_LOG, the longest; ' +
      'bars are logarithmic, from 1 us',
  );
  for (const one of figures) reportNotes(one, output);
  const steps = figures.reduce((sum, one) => sum + one.steps, 0);
  const wall = figures.reduce((sum, one) => sum + one.wallSeconds, 0);
  output.printProseDetail(`${plural(steps, 'step')} in ${showSeconds(wall)} (${showRate(steps / wall)} steps/s)`);
}

/** Why a run ended early. */
export const endReasonText: Readonly<Record<EndedEarly, string>> = {
  time: 'stopped by --time',
  interrupt: 'interrupted',
  duration: 'stopped by --duration',
  deadlock: 'deadlock',
  violated: '',
};

/** Prints a violated property, or that a run did not end. */
export function reportNotes(figures: SweptFigures, output: Output): void {
  const { violation, endedEarly, converged, convergence, simulatedNs } = figures;
  const design = labelOf(figures);
  if (violation) {
    output.printProse(
      `${design}: ${violation.property} is violated after ${showNs(violation.atNs)}, in run ${violation.run}`,
    );
  } else if (endedEarly) {
    const why = converged === false ? `; ${convergence}` : '';
    output.printProse(`${design}: partial, ${endReasonText[endedEarly]} after ${showNs(simulatedNs)}${why}`);
  }
}

const barWidth = 12;

function bar(ns: number, longestNs: number): string {
  const share = Math.log(Math.max(1, ns / 1000)) / Math.log(Math.max(Math.E, longestNs / 1000));
  const eighths = Math.round(share * barWidth * 8);
  return '█'.repeat(eighths >> 3) + (eighths & 7 ? (' ▏▎▍▌▋▊▉'[eighths & 7] as string) : '');
}
