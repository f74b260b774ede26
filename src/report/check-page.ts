import type { RunStep } from '../explore/messages.ts';
import { modelInfo } from '../explore/model-info.ts';
import { type AnyDesign, displayedParams } from '../model/design.ts';
import { instantiate } from '../model/instance.ts';
import type { Trace } from '../model/trace.ts';
import type { Exploration } from '../search/exploration.ts';
import { columns } from '../trace/columns.ts';
import { escapeMarkup } from '../trace/escape-markup.ts';
import { lanesSvg } from '../web/lanes/lanes-svg.ts';
import { layoutLanes } from '../web/lanes/layout.ts';

/** A search, as a report shows it. */
interface ReportedCheck {
  readonly design: AnyDesign;
  readonly checks: 'safety' | 'liveness';
  readonly params: Readonly<Record<string, number>>;
  readonly exploration: Exploration;
  readonly seconds: number;
  readonly trace?: Trace;
  readonly traces?: readonly Trace[];
  readonly run?: Trace;
}

/** Contents of a report on checks. */
export interface CheckReport {
  /** the command that made it */
  readonly command: string;
  readonly version: string;
  /** the machine: its processors, and how many processes wanted one when the check began and ended */
  readonly machine: { readonly cores: number; readonly loadBefore: number; readonly loadAfter: number };
  /** ISO 8601 */
  readonly date: string;
  readonly results: readonly ReportedCheck[];
  readonly mutants: readonly ReportedCheck[];
  readonly notChecked: readonly { readonly design: string; readonly reason: string }[];
  /** returns the command that replays a schedule */
  readonly replayCommand: (schedule: string) => string;
}

/** Returns a report as one HTML file: verdicts, figures, what was not covered, and each race as lanes. */
export function checkPage(report: CheckReport): string {
  const { command, version, machine, date, results, mutants, notChecked } = report;
  const all = [...results, ...mutants];
  const title = `precopy check: ${[...new Set(all.map(({ design }) => design.id))].slice(0, 3).join(', ')}${all.length > 3 ? ' …' : ''}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeMarkup(title)}</h1>
<p><code>${escapeMarkup(command)}</code></p>
<p class="quiet">precopy ${escapeMarkup(version)}, ${escapeMarkup(date)}, on ${machine.cores} processors with a load of ${machine.loadBefore.toFixed(1)} before and ${machine.loadAfter.toFixed(1)} after: times of a busy machine are too long.</p>
${results.length > 0 ? `<h2>Designs</h2>${table(results)}` : ''}
${mutants.length > 0 ? `<h2>Mutants</h2><p>A mutant has to be killed: a violation is what is expected of it.</p>${table(mutants)}` : ''}
${notChecked.length > 0 ? `<h2>Not checked</h2><ul>${notChecked.map(({ design, reason }) => `<li>${escapeMarkup(design)}: ${escapeMarkup(reason)}</li>`).join('')}</ul>` : ''}
${all.map((check) => details(check, report)).join('\n')}
</main>
</body>
</html>
`;
}

const verdictText = ({ exploration: { verdict, violation }, checks }: ReportedCheck): string => {
  if (verdict === 'violated') return `<b class="bad">violated</b> ${escapeMarkup(violation?.property ?? '')}`;
  if (verdict === 'inconclusive') return '<b class="warn">inconclusive</b>';
  return `<b class="good">holds</b>${checks === 'liveness' ? ' under fairness' : ''}`;
};

const paramsText = ({ design, params }: ReportedCheck): string =>
  displayedParams(design, params)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

const figure = (value: number): string => value.toLocaleString('en');

function table(checks: readonly ReportedCheck[]): string {
  const rows = checks.map((check) => {
    const { design, checks: kind, exploration, seconds } = check;
    const { states, transitions, depth } = exploration;
    const cells = [
      `<th scope="row"><a href="#${anchorOf(check)}">${escapeMarkup(design.id)}</a></th>`,
      `<td>${kind}</td><td>${verdictText(check)}</td>`,
      ...[figure(states), figure(transitions), depth === undefined ? '' : figure(depth), seconds.toFixed(2)].map(
        (text) => `<td class="number">${text}</td>`,
      ),
      `<td>${escapeMarkup(paramsText(check))}</td>`,
    ];
    return `<tr>${cells.join('')}</tr>`;
  });
  const head = ['design', 'checks', 'verdict', 'states', 'transitions', 'depth', 'time, s', 'params'];
  return `<div class="wide" tabindex="0" role="region" aria-label="verdicts"><table><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const anchorOf = ({ design, checks, params }: ReportedCheck): string =>
  encodeURIComponent(`${design.id} ${checks} ${Object.values(params).join(',')}`);

function details(check: ReportedCheck, { replayCommand }: CheckReport): string {
  const { design, checks, exploration, trace, traces = trace ? [trace] : [], run } = check;
  const { properties, covers, stoppedBy } = exploration;
  const missed = covers.filter((cover) => !cover.hit).map(({ id }) => id);
  const hit = covers.filter((cover) => cover.hit).map(({ id }) => id);
  const untaken = exploration.untaken ?? [];
  const list = (ids: readonly string[]): string => ids.map((id) => `<code>${escapeMarkup(id)}</code>`).join(', ');
  const of = (verdict: string): string[] => properties.filter((one) => one.verdict === verdict).map(({ id }) => id);
  const lines = [
    ...(design.mutation ? [`<p>Bug: ${escapeMarkup(design.mutation.bug)}</p>`] : []),
    ...(of('holds').length > 0 ? [`<p>Proved: ${list(of('holds'))}</p>`] : []),
    ...(of('inconclusive').length > 0 ? [`<p>Not decided: ${list(of('inconclusive'))}</p>`] : []),
    ...(stoppedBy === undefined ? [] : [`<p>The search was stopped: ${escapeMarkup(stoppedBy)}.</p>`]),
    ...(covers.length > 0
      ? [
          `<details><summary>${hit.length} of ${covers.length} covers hit${missed.length > 0 ? `; not hit: ${list(missed)}` : ''}</summary>${list(hit)}</details>`,
        ]
      : []),
    ...(untaken.length > 0
      ? [
          `<details><summary>${untaken.length} transitions that no run takes at these params</summary><ul>${untaken
            .map(
              ({ machine, source, event, index }) =>
                `<li><code>${escapeMarkup(`${machine}: ${source} ${event || 'always'} ${index}`)}</code></li>`,
            )
            .join('')}</ul></details>`,
        ]
      : []),
    ...[...traces, ...(run ? [run] : [])].map((one) => race(one, check, replayCommand)),
  ];
  return `<section id="${anchorOf(check)}"><h2>${escapeMarkup(design.id)}, ${checks}: ${verdictText(check)}</h2><p class="quiet">${escapeMarkup(design.title)}; at ${escapeMarkup(paramsText(check))}</p>${lines.join('\n')}</section>`;
}

/** Returns a run as lanes, with the text of the columns, and the command that replays it. */
function race(trace: Trace, { design, params }: ReportedCheck, replayCommand: CheckReport['replayCommand']): string {
  const { actors, initialStates } = modelInfo(instantiate({ ...design, memoryModel: trace.memoryModel }, params));
  const steps = trace.steps.map((step): RunStep => ({ choice: -1, step, label: '', changed: [] }));
  const lanes = layoutLanes(actors, initialStates, steps, { pinned: [], hidden: [] });
  const { violation, reached } = trace;
  const outcome = violation ? `${violation.property}: ${violation.description}` : (reached?.description ?? '');
  const cycle = trace.cycle ? ` (the last ${trace.cycle} steps repeat for ever)` : '';
  const marks = trace.cycle
    ? { cycle: trace.steps.length - trace.cycle + 1 }
    : { violated: violation && trace.cycle === undefined ? trace.steps.length : undefined };
  return `<figure>
<figcaption>${escapeMarkup(outcome + cycle)}</figcaption>
<div class="wide lanes" tabindex="0" role="img" aria-label="${escapeMarkup(`The run as lanes, ${trace.steps.length} steps; the same as text follows.`)}">${lanesSvg(lanes, actors, `${trace.design} ${violation?.property ?? ''}`, marks)}</div>
<details><summary>As text</summary><pre tabindex="0">${escapeMarkup(columns(trace, { width: 140 }))}</pre></details>
<p>Replay: <code>${escapeMarkup(replayCommand(trace.schedule))}</code></p>
</figure>`;
}

const style = `
:root { color-scheme: light dark; --text: #1f2328; --quiet: #59636e; --line: #d0d7de; --page: #fff; --good: #1a7f37; --bad: #cf222e; --warn: #9a6700; }
@media screen and (prefers-color-scheme: dark) { :root { --text: #f0f6fc; --quiet: #9198a1; --line: #3d444d; --page: #0d1117; --good: #3fb950; --bad: #ff7b72; --warn: #d29922; } .lanes { filter: invert(0.93) hue-rotate(180deg); } }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.5 system-ui, sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 1em; }
h1 { font-size: 20px; overflow-wrap: anywhere; } h2 { font-size: 16px; margin-top: 2em; }
.quiet { color: var(--quiet); } .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.wide { overflow-x: auto; } table { border-collapse: collapse; }
th { white-space: nowrap; }
th, td { padding: 2px 10px 2px 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 1em 0; border: 1px solid var(--line); border-radius: 6px; padding: 10px; }
figcaption { font-weight: 600; margin-bottom: 6px; } .lanes svg { background: #fff; display: block; }
code, pre { font-family: ui-monospace, monospace; font-size: 12.5px; overflow-wrap: anywhere; } pre { overflow-x: auto; }
a { color: inherit; }
@media print { .wide { overflow: visible; } .lanes svg { max-width: 100%; height: auto; } }
`;
