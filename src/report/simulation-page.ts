import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LockTimeline } from '../clock/lock-timeline.ts';
import type { DesignFigures } from '../simulate/results.ts';

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
  /** description of the experiment, by line: profile, workload, seed */
  readonly about: readonly string[];
  readonly designs: readonly LabelledFigures[];
  /** by label: timeline of mmu_lock in the first run */
  readonly timelines: Readonly<Record<string, LockTimeline>>;
}

/** Returns a report as one self-contained HTML file: figures, latencies, holders of mmu_lock, dirty pages by round. */
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
