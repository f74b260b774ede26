import { writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { figuresOf } from '../clock/figures.ts';
import type { DesignFigures, EndedEarly } from '../clock/results.ts';
import { type Experiment, simulateRun } from '../clock/run.ts';
import { realSizes } from '../clock/sizes.ts';
import { parseWorkload } from '../clock/workload-spec.ts';
import { PrecopyError } from '../model/errors.ts';
import { simulationPage } from '../report/simulation-page.ts';
import { actionsOf } from './actions.ts';
import { designs, type Target, targetsOf } from './catalogue.ts';
import { commandLine } from './command-line.ts';
import type { SimulateFlags } from './commands/simulate.ts';
import { ExitCode } from './exit-codes.ts';
import { parseExpectation } from './expectation.ts';
import { Interrupt } from './interrupt.ts';
import { Output } from './output.ts';
import { changeCost, loadProfile } from './profiles.ts';
import { readRecording } from './recording.ts';
import { labelOf, type SweptFigures, simulateDocumentOf } from './simulate-document.ts';
import { reportFigures, whatWasRun } from './simulate-table.ts';
import { runOnThreads } from './simulate-threads.ts';
import { type SweepPoint, sweepOf } from './sweep.ts';
import { parseDuration } from './units.ts';
import { Watch } from './watch.ts';

/** An experiment, where its design is from, and what was swept to get it. */
type Planned = Experiment & Pick<SweepPoint, 'swept'> & Pick<Target, 'file'>;

/** Runs what is named under the clock, and says what came of it. */
export async function simulate(names: readonly string[], flags: SimulateFlags): Promise<ExitCode> {
  const targets = names.length > 0 ? await targetsOf(names) : designs.map((design) => ({ design }));
  const expectations = await Promise.all(flags.expect.map(parseExpectation));
  const points = await sweepOf(flags, sizeNamesOf(targets));
  const experiments: Planned[] = [];
  for (const { swept, flags } of points) {
    experiments.push(...(await experimentsFor(targets, flags)).map((one) => ({ ...one, swept })));
  }
  const output = new Output(flags);
  if (flags.perfetto !== undefined && experiments.length > 1) {
    throw new PrecopyError('BAD_PARAMETER', '--perfetto is for one run', 'name the design to trace, and sweep nothing');
  }
  const watch = new Watch(flags);
  const stop = stopper(flags.time);
  const figures: SweptFigures[] = [];
  for (const experiment of experiments) {
    const { swept } = experiment;
    const done = await carryOut(experiment, flags, stop, watch);
    figures.push({ ...done, swept });
    watch.runEnded(labelOf({ ...done, swept }));
  }
  reportFigures(figures, flags, output);
  if (flags.html !== undefined) writeHtml(flags.html, figures, flags, watch);
  if (watch.isTraceCut) {
    output.say(`${flags.perfetto} ends before the run: it is full. --perfetto-from 1s starts it later`);
  }
  const broken = figures.flatMap((one) =>
    expectations
      .filter((expected) => !expected.holds(one))
      .map(({ text }) => ({ design: labelOf(one), expected: text })),
  );
  for (const { design, expected } of broken) output.say(`${design}: not ${expected}`);
  if (flags.json) output.document(simulateDocumentOf(figures, flags, broken));
  if (broken.length > 0 || figures.some(({ violation }) => violation)) return ExitCode.violated;
  return figures.some(({ endedEarly }) => endedEarly) ? ExitCode.inconclusive : ExitCode.holds;
}

const sizeNamesOf = (targets: readonly Target[]): string[] => [
  ...new Set(targets.flatMap(({ design }) => Object.keys(design.system.spec.params))),
];

async function experimentsFor(
  targets: readonly Target[],
  flags: SimulateFlags,
): Promise<(Experiment & Pick<Target, 'file'>)[]> {
  let profile = await loadProfile(flags.profile);
  const actions = actionsOf(targets.map(({ design }) => design));
  for (const change of flags.cost) profile = await changeCost(profile, change, actions, parseDuration('--cost'));
  const pages = flags.memory / 4096;
  const workload = parseWorkload(flags.workload, flags.rate, {
    duration: parseDuration('--workload'),
    recording: (path) => readRecording(path, pages),
  });
  const { collectEvery, duration } = flags;
  return targets.map(({ design, file }) => ({
    design,
    ...(file !== undefined && { file }),
    sizes: realSizes(design, flags.memory, { vcpus: flags.vcpus, ...flags.param }),
    profile,
    workload,
    maxMemoryBytes: freemem(),
    mode:
      collectEvery === undefined
        ? {
            migration: {
              bandwidth: flags.bandwidth,
              ...(flags.maxBandwidth !== undefined && { maxBandwidth: flags.maxBandwidth }),
              downtimeLimitNs: flags.downtimeLimit * 1e9,
              autoConverge: flags.autoConverge === true,
              zeroPages: flags.zeroPages,
            },
          }
        : { collectEveryNs: collectEvery * 1e9 },
    seed: flags.seed,
    warmUpNs: flags.warmUp * 1e9,
    durationNs: (duration ?? (collectEvery === undefined ? 600 : 10)) * 1e9 + flags.warmUp * 1e9,
  }));
}

function writeHtml(path: string, figures: readonly SweptFigures[], flags: SimulateFlags, watch: Watch): void {
  const about = [whatWasRun(figures, flags), `seed ${flags.seed}`];
  const designs = figures.map((one) => ({ ...one, label: labelOf(one) }));
  const page = simulationPage({ command: commandLine(), about, designs, timelines: watch.timelines });
  try {
    writeFileSync(path, page);
  } catch (error) {
    throw new PrecopyError('BAD_FILE', `${path} cannot be written: ${(error as Error).message}`, 'name another file');
  }
}

type Stop = () => EndedEarly | undefined;

function stopper(maxSeconds = Number.POSITIVE_INFINITY): Stop {
  const interrupt = new Interrupt();
  const start = performance.now();
  return () => {
    if (interrupt.requested) return 'interrupt';
    return (performance.now() - start) / 1000 >= maxSeconds ? 'time' : undefined;
  };
}

/** The first run is made here, where it can be watched; the others by threads beside it. */
async function carryOut(planned: Planned, flags: SimulateFlags, stop: Stop, watch: Watch): Promise<DesignFigures> {
  const { file, swept, ...experiment } = planned;
  const start = performance.now();
  const others = Array.from({ length: flags.runs - 1 }, (_, n) => n + 1);
  const threads = Math.min(others.length, Math.max(1, flags.workers - 1));
  const elsewhere = runOnThreads(experiment, file, others, threads, stop);
  const engine = simulateRun(experiment, 0, watch.isOn ? watch.observe : undefined);
  let turn = engine.next();
  while (!turn.done) {
    await setImmediate();
    turn = engine.next(stop());
  }
  const all = [turn.value, ...(await elsewhere)];
  return figuresOf(experiment.design, all, (performance.now() - start) / 1000);
}
