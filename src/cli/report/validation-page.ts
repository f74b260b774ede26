import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HostValidateDocument, ValidatedCell } from '../../app/host/host-documents.ts';
import { methodName } from '../../app/host/validation-errors.ts';
import type { CellMetrics } from '../../host/results.ts';
import { percent } from './validation-tables.ts';

/** Charts: a metric in a unit, predicted over measured, on logarithmic axes. */
const charts: readonly { readonly metric: keyof CellMetrics; readonly title: string; readonly unit: number }[] = [
  { metric: 'getNs', title: 'GET_DIRTY_LOG, us', unit: 1e3 },
  { metric: 'clearNs', title: 'CLEAR_DIRTY_LOG, all calls of a round, us', unit: 1e3 },
  { metric: 'worstWriteNs', title: 'longest write while the log is read, us', unit: 1e3 },
  { metric: 'writesPerSecond', title: 'writes per second', unit: 1 },
  { metric: 'dirtyPages', title: 'dirty pages of a round', unit: 1 },
];

/** Formats a validation as a self-contained HTML page: charts of predicted over measured, and a table of all cells. */
export function validationPage(document: HostValidateDocument): string {
  const { host, errors } = document;
  const rows = errors.map(
    ({ metric, medianError, worstError, repeatError, cells }) =>
      `<tr><td>${titleOf(metric)}</td><td>${percent(medianError)}</td><td>${repeatError === undefined ? '' : percent(repeatError)}</td><td>${percent(worstError)}</td><td>${cells}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>precopy: predicted over measured</title>
<style>
body { font: 15px/1.4 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse } td, th { padding: .1rem .7rem; text-align: right; border-bottom: 1px solid #ddd }
td:first-child, th:first-child { text-align: left }
#charts { display: flex; flex-wrap: wrap; gap: 1rem }
${read(import.meta.resolve('uplot/dist/uPlot.min.css'))}
</style>
<h1>Predicted over measured</h1>
<p>${escapeHtml(`${host.processor}, ${host.cpus} CPUs, ${host.mmu}, Linux ${host.kernel}, ${host.date}`)}</p>
<table><tr><th>figure</th><th>median error</th><th>second measurement</th><th>largest error</th><th>cells</th></tr>${rows.join('')}</table>
<div id="charts"></div>
<table><tr><th>cell: predicted / measured</th>${charts.map(({ title }) => `<th>${title}</th>`).join('')}</tr>
${document.cells.map(rowOf).join('\n')}
</table>
<script>${read(import.meta.resolve('uplot/dist/uPlot.iife.min.js'))}</script>
<script>
for (const { title, series } of ${JSON.stringify(charts.map((chart) => chartOf(chart, document.cells)))}) {
  const points = series.flatMap(({ points }) => points).sort((a, b) => a[0] - b[0]);
  const xs = points.map(([x]) => x);
  const ys = series.map(({ points: own }) => points.map((point) => (own.includes(point) ? point[1] : null)));
  const colours = ['#333', '#c33', '#36c', '#292', '#a5a', '#e80'];
  new uPlot({
    title, width: 520, height: 360, legend: { live: false },
    scales: { x: { time: false, distr: 3 }, y: { distr: 3 } },
    axes: [{ label: 'measured' }, { label: 'predicted', size: 70 }],
    series: [
      { label: 'measured' },
      { label: 'equal', stroke: '#bbb', points: { show: false } },
      ...series.map(({ name }, n) => ({ label: name, stroke: colours[n], paths: () => null, points: { show: true, size: 7, fill: colours[n] } })),
    ],
  }, [xs, xs, ...ys], document.querySelector('#charts'));
}
</script>
</html>
`;
}

function chartOf({ metric, title, unit }: (typeof charts)[number], cells: readonly ValidatedCell[]) {
  const names = [...new Set(cells.map(methodName))];
  const series = names.map((name) => ({
    name,
    points: cells
      .filter((cell) => methodName(cell) === name && cell.observed[metric] > 0 && cell.predicted[metric] > 0)
      .map(({ observed, predicted }) => [observed[metric] / unit, predicted[metric] / unit]),
  }));
  return { title, series: series.filter(({ points }) => points.length > 0) };
}

function rowOf({ name, observed, predicted }: ValidatedCell): string {
  const figures = charts.map(
    ({ metric, unit }) => `<td>${show(predicted[metric] / unit)} / ${show(observed[metric] / unit)}</td>`,
  );
  return `<tr><td>${escapeHtml(name)}</td>${figures.join('')}</tr>`;
}

const titleOf = (metric: keyof CellMetrics): string => charts.find((chart) => chart.metric === metric)?.title ?? metric;
const show = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const escapeHtml = (text: string): string => text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);

/** Reads a file of uPlot, to embed it into the page. */
const read = (url: string): string => readFileSync(fileURLToPath(url), 'utf8');
