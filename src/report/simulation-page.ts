import type { LockTimeline } from '../clock/lock-timeline.ts';
import type { DesignFigures } from '../simulate/results.ts';
import { htmlPage } from './html-page.ts';

interface LabelledFigures extends DesignFigures {
  /** name of the figures: the design, and the swept parameters of the run */
  readonly label: string;
  /** by swept option: its value in this run, as given */
  readonly swept: Readonly<Record<string, string>>;
}

/** Contents of a simulation report. */
export interface SimulationReport {
  /** command that reproduces the figures */
  readonly command: string;
  /** description of the experiment, by line: profile, workload, seed, version, load of the machine */
  readonly about: readonly string[];
  readonly designs: readonly LabelledFigures[];
  /** by label: timeline of mmu_lock in the first run */
  readonly timelines: Readonly<Record<string, LockTimeline>>;
}

/** Returns a report as one self-contained HTML file: figures, latencies, holders of mmu_lock, dirty pages by round. */
export function simulationPage(report: SimulationReport): string {
  return htmlPage({
    title: `precopy: ${report.designs.map(({ label }) => label).join(', ')}`,
    data: report,
    styles: [import.meta.resolve('#package/src/report/browser/page.css')],
    scripts: [
      import.meta.resolve('#package/src/report/browser/page.js'),
      import.meta.resolve('#package/src/report/browser/lock-timeline.js'),
      import.meta.resolve('#package/src/report/browser/simulation.js'),
    ],
  });
}
