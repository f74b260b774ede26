import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LockTimeline } from '../clock/lock-timeline.ts';
import type { DesignFigures } from '../simulate/results.ts';

interface LabelledFigures extends DesignFigures {
  /** what to call these figures: the design, and what was particular to the run */
  readonly label: string;
  /** what was particular to the run in a sweep, as it was written */
  readonly swept: Readonly<Record<string, string>>;
}

/** What a report of a simulation shows. */
export interface SimulationReport {
  /** the command that makes these figures again */
  readonly command: string;
  /** lines that say what was simulated: profile, workload, seed */
  readonly about: readonly string[];
  readonly designs: readonly LabelledFigures[];
  /** of mmu_lock in the first run, by label */
  readonly timelines: Readonly<Record<string, LockTimeline>>;
}

/** A report as one HTML file that needs nothing else: figures, latencies, who held mmu_lock, dirty pages round by round. */
export function simulationPage(report: SimulationReport): string {
  const script = (url: string): string => read(url).replaceAll('</script', '<\\/script');
  const data = JSON.stringify(report).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>precopy: ${escaped(report.designs.map(({ label }) => label).join(', '))}</title>
<style>
${read(import.meta.resolve('uplot/dist/uPlot.min.css'))}
${read(import.meta.resolve('#package/src/report/browser/simulation.css'))}
</style>
</head>
<body>
<main id="report"></main>
<script type="application/json" id="data">${data}</script>
<script>${script(import.meta.resolve('uplot/dist/uPlot.iife.min.js'))}</script>
<script>${script(import.meta.resolve('#package/src/report/browser/simulation.js'))}</script>
</body>
</html>
`;
}

const read = (url: string): string => readFileSync(fileURLToPath(url), 'utf8');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
