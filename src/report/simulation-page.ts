import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { LockTimeline } from '../clock/lock-timeline.ts';
import type { DesignFigures } from '../clock/results.ts';

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
  const require = createRequire(import.meta.url);
  const script = (path: string): string => readFileSync(path, 'utf8').replaceAll('</script', '<\\/script');
  const style = readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8');
  const own = (name: string): string => readFileSync(new URL(`browser/${name}`, import.meta.url), 'utf8');
  const data = JSON.stringify(report).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>precopy: ${escaped(report.designs.map(({ label }) => label).join(', '))}</title>
<style>
${style}
${own('simulation.css')}
</style>
</head>
<body>
<main id="report"></main>
<script type="application/json" id="data">${data}</script>
<script>${script(require.resolve('uplot/dist/uPlot.iife.min.js'))}</script>
<script>${script(new URL('browser/simulation.js', import.meta.url).pathname)}</script>
</body>
</html>
`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
