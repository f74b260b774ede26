import { writeFileSync } from 'node:fs';
import { parseExpectation } from '../app/check/threshold.ts';
import { designs, resolveTargets, type Target } from '../app/designs/design-registry.ts';
import { checkWritable, withWriteErrors } from '../app/files/output-file.ts';
import { createStopCondition, experimentsFor, type Planned, runExperiment } from '../app/simulate/experiments.ts';
import { RunRecorders } from '../app/simulate/run-recorders.ts';
import { labelOf, type NotRun, type SweptFigures, simulateDocumentOf } from '../app/simulate/simulate-document.ts';
import { type SweepPoint, sweepOf } from '../app/simulate/sweep.ts';
import { PrecopyError } from '../model/errors.ts';
import { simulationPage } from '../report/simulation-page.ts';
import type { Experiment } from '../simulate/simulation-run.ts';
import type { SimulateFlags } from './commands/simulate.ts';
import { ExitCode } from './exit-codes.ts';
import { Output } from './report/console-output.ts';
import { ProgressLine } from './report/progress.ts';
import { commandLine } from './report/shell-command.ts';
import { reportFigures, whatWasRun, whyItEnded } from './report/simulate-table.ts';

/** Runs what is named under the clock, and says what came of it. */
export async function simulate(names: readonly string[], flags: SimulateFlags): Promise<ExitCode> {
  const targets = names.length > 0 ? await resolveTargets(names) : designs.map((design) => ({ design }));
  const expectations = await Promise.all(flags.expect.map(parseExpectation));
  const points = await sweepOf(flags, sizeNamesOf(targets));
  const experiments: (Planned & Pick<SweepPoint, 'swept'>)[] = [];
  for (const { swept, flags } of points) {
    experiments.push(...(await experimentsFor(targets, flags, modeOf(flags))).map((one) => ({ ...one, swept })));
  }
  const output = new Output(flags);
  if (flags.perfetto !== undefined && experiments.length > 1) {
    throw new PrecopyError('BAD_PARAMETER', '--perfetto is for one run', 'name the design to trace, and sweep nothing');
  }
  checkWritable(flags.html);
  const watch = new RunRecorders(flags);
  const stop = createStopCondition(flags.time);
  const progress = new ProgressLine(flags.quiet ? { write: () => {} } : process.stderr);
  const figures: SweptFigures[] = [];
  const notRun: NotRun[] = [];
  for (const experiment of experiments) {
    const { swept, ...planned } = experiment;
    const label = labelOf({ design: planned.design.id, swept });
    const reason = stop();
    if (reason) {
      notRun.push({ design: label, reason: whyItEnded[reason] });
      continue;
    }
    progress.begin(label);
    const done = await runExperiment(planned, flags, stop, progress, watch.isOn ? watch.observe : undefined);
    figures.push({ ...done, swept });
    watch.runEnded(label);
  }
  reportFigures(figures, flags, output);
  if (notRun.length > 0)
    output.print(`${notRun[0]?.reason}; not run: ${notRun.map(({ design }) => design).join(', ')}`);
  if (flags.html !== undefined) writeHtml(flags.html, figures, flags, watch);
  if (watch.isTraceCut) {
    output.print(`${flags.perfetto} ends before the run: it is full. --perfetto-from 1s starts it later`);
  }
  const broken = figures.flatMap((one) =>
    expectations
      .filter((expected) => !expected.holds(one))
      .map(({ text }) => ({ design: labelOf(one), expected: text })),
  );
  for (const { design, expected } of broken) output.print(`${design}: not ${expected}`);
  if (flags.json) output.document(simulateDocumentOf(figures, flags, broken, notRun));
  if (broken.length > 0 || figures.some(({ violation }) => violation)) return ExitCode.violated;
  const isPartial = notRun.length > 0 || figures.some(({ endedEarly }) => endedEarly);
  return isPartial ? ExitCode.inconclusive : ExitCode.holds;
}

const sizeNamesOf = (targets: readonly Target[]): string[] => [
  ...new Set(targets.flatMap(({ design }) => Object.keys(design.system.spec.params))),
];

/** What is done in a run: a migration by QEMU, or nothing but taking the log. */
function modeOf(flags: SimulateFlags): Experiment['mode'] {
  const { collectEvery, bandwidth, maxBandwidth, availSwitchoverBandwidth, downtimeLimit, autoConverge, zeroPages } =
    flags;
  if (collectEvery !== undefined) return { collectEveryNs: collectEvery * 1e9 };
  return {
    migration: {
      bandwidth,
      ...(maxBandwidth !== undefined && { maxBandwidth }),
      ...(availSwitchoverBandwidth !== undefined && { availSwitchoverBandwidth }),
      downtimeLimitNs: downtimeLimit * 1e9,
      autoConverge: autoConverge === true,
      zeroPages,
    },
  };
}

function writeHtml(path: string, figures: readonly SweptFigures[], flags: SimulateFlags, watch: RunRecorders): void {
  const about = [whatWasRun(figures, flags), `seed ${flags.seed}`];
  const designs = figures.map((one) => ({ ...one, label: labelOf(one) }));
  const page = simulationPage({ command: commandLine(), about, designs, timelines: watch.timelines });
  withWriteErrors(path, () => writeFileSync(path, page));
}
