import { CostModel } from '../clock/cost-model.ts';
import type { Profile } from '../clock/cost-profile.ts';
import { CpuScheduler, type ProcessorSettings, type SchedulableSimulator } from '../clock/cpu-scheduler.ts';
import type { Histogram } from '../clock/histogram.ts';
import { MetricsRecorder } from '../clock/metrics.ts';
import type { ClockObserver } from '../clock/observer.ts';
import type { Policy } from '../clock/policy.ts';
import { PrefixCosts } from '../clock/prefix-cost.ts';
import { RandomStream } from '../clock/random-streams.ts';
import { Simulator } from '../clock/simulator.ts';
import { generatedDispatch } from '../compile/dispatch-codegen.ts';
import type { Interpreter } from '../compile/interpreter.ts';
import { compile, type Program } from '../compile/program.ts';
import type { Bitmap } from '../model/bitmap.ts';
import type { AnyDesign } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import { Layout } from '../model/state-layout.ts';
import { Guest } from './guest.ts';
import { kvmMetrics } from './kvm-metrics.ts';
import { findOwnEvent, kvmPolicies } from './kvm-policies.ts';
import { type MigrationSettings, QemuMigrationPolicy } from './migration-policy.ts';
import { type MigrationEvents, PeriodicLogPolicy } from './periodic-log-policy.ts';
import type { Counts, EndedEarly, Round, TimedViolation } from './results.ts';
import { RoundRecorder } from './round-recorder.ts';
import type { Workload } from './workload.ts';
import { ZeroPages } from './zero-pages.ts';

/** What is run: everything that a run depends on, so that the same experiment gives the same figures to the bit. */
export interface Experiment {
  readonly design: AnyDesign;
  readonly params: Readonly<Record<string, number>>;
  readonly profile: Profile;
  readonly workload: Workload;
  /** a migration, or a collector that only asks for the log each so many nanoseconds */
  readonly mode: { readonly migration: MigrationSettings } | { readonly collectEveryNs: number };
  /** processors that threads share; each thread has one of its own unless told */
  readonly processors?: ProcessorSettings;
  readonly seed: number;
  /** simulated time before which nothing is measured */
  readonly warmUpNs: number;
  /** how large the state of a run may be */
  readonly maxMemoryBytes?: number;
  /** simulated time after which a run ends */
  readonly durationNs: number;
}

/** What one run came to. */
export interface RunFigures extends Counts {
  readonly run: number;
  readonly params: Readonly<Record<string, number>>;
  readonly actors: readonly string[];
  readonly vcpuWriteNs: Histogram;
  /** by actor */
  readonly holdNs: readonly Histogram[];
  readonly waitNs: readonly Histogram[];
  readonly getDirtyLogNs: Histogram;
  readonly clearDirtyLogNs: Histogram;
  readonly converged: boolean | null;
  readonly convergence: string;
  readonly history: readonly Round[];
  readonly checks: number;
  readonly endedEarly?: EndedEarly;
  readonly violation?: TimedViolation;
}

/** How far a run is. */
export interface RunProgress {
  readonly simulatedNs: number;
  readonly steps: number;
}

const stepsPerTurn = 200_000;
/** Two tables of sptes: every way that a step can take is there, and a state of so many pages is made and put back at once. */
const pagesOfRehearsal = 1024;

/**
 * Carries out one run. A generator, as the engines know neither real time nor signals: it yields its progress regularly, and ends with partial
 * figures when it is told a reason to stop.
 * @param observe gets the program of the run, and gives who watches it
 * @param run which of the runs of an experiment it is, from 0: runs of the same number have the same writes in every design
 * @throws PrecopyError `TOO_LARGE`, `BAD_PROFILE`, `BAD_PARAMETER`, `BAD_DESIGN`
 */
export function* simulateRun(
  experiment: Experiment,
  run: number,
  observe?: (program: Program) => ClockObserver,
): Generator<RunProgress, RunFigures, EndedEarly | undefined> {
  return yield* new SimulationRun(experiment, run, observe).run();
}

class SimulationRun {
  private readonly program: Interpreter;
  private readonly meter: MetricsRecorder;
  private readonly clock: Simulator;
  private readonly rounds: RoundRecorder;
  private readonly qemu: QemuMigrationPolicy | undefined;
  private readonly guests: readonly Guest[];
  private processors: CpuScheduler | undefined;
  private checks = 0;
  /** when properties were looked at last: each look is one at every page, so as many steps are taken between two of them at least */
  private stepsAtLook = 0;

  constructor(
    private readonly experiment: Experiment,
    private readonly runIndex: number,
    observe: ((program: Program) => ClockObserver) | undefined,
  ) {
    const { design, params, profile, mode, seed } = experiment;
    const program = compile(design, params, { layout: new Layout(experiment.maxMemoryBytes), ways: generatedDispatch });
    this.program = program;
    const observer = observe?.(program);
    program.reset();
    const bitmaps = new Map(program.instance.cells.map(({ plain }) => [plain.name, plain as Bitmap]));
    this.meter = new MetricsRecorder(program, kvmMetrics, observer);
    const costs = new CostModel(
      program,
      profile,
      program.actors.map((name) => new RandomStream(seed, runIndex, `costs of ${name}`)),
    );
    const leads = new PrefixCosts(program, costs);
    const pages = Math.min(program.params['pages'] as number, pagesOfRehearsal);
    leads.warmUp(compile(design, { ...params, pages }), new RandomStream(seed, runIndex, 'rehearsal'));
    const role = (name: string): number => program.actors.indexOf(name);
    const events: MigrationEvents = {
      sync: findOwnEvent(program, role('migration'), 'SYNC'),
      send: findOwnEvent(program, role('migration'), 'SEND'),
      clear: findOwnEvent(program, role('migration'), 'CLEAR'),
      stop: findOwnEvent(program, role('migration'), 'STOP'),
    };
    this.rounds = new RoundRecorder(
      role('migration'),
      findOwnEvent(program, role('migration'), 'STEP'),
      runIndex,
      bitmaps.get('qemu.bmap') as Bitmap,
      bitmaps.get('qemu.userBitmap') as Bitmap,
      this.meter,
      observer,
      () => {
        if (this.clock.steps - this.stepsAtLook >= (program.params['pages'] as number)) this.clock.stop();
      },
    );
    const migrates = 'migration' in mode;
    const zeroPages =
      migrates && mode.migration.zeroPages > 0
        ? new ZeroPages(program.params['pages'] as number, mode.migration.zeroPages, seed, runIndex)
        : undefined;
    this.guests = this.guestsFor(zeroPages);
    const pagesPerClear = (program.params['bitsPerWord'] as number) * (program.params['wordsPerClear'] ?? 1);
    this.qemu = migrates
      ? new QemuMigrationPolicy(
          events,
          mode.migration,
          bitmaps.get('qemu.bmap') as Bitmap,
          bitmaps.get('qemu.clearBmap') as Bitmap,
          pagesPerClear,
          this.rounds,
          (gfn) => zeroPages?.has(gfn) === true,
          (percent, nowNs) => {
            for (const guest of this.guests) guest.throttle(percent, nowNs);
          },
        )
      : undefined;
    const migration: Policy =
      this.qemu ??
      new PeriodicLogPolicy(
        events,
        (mode as { collectEveryNs: number }).collectEveryNs,
        bitmaps.get('qemu.clearBmap') as Bitmap,
        this.rounds,
      );
    const environment = kvmPolicies(program, this.guests, migration, this.rounds, () => this.meter.waiting > 0);
    this.clock = new Simulator(program, costs, leads, this.meter, environment, observer, (clock) =>
      this.sharedBy(clock, costs),
    );
  }

  /** @param zeroPages which pages are zero, where that matters */
  private guestsFor(zeroPages: ZeroPages | undefined): Guest[] {
    const { program, meter, experiment, runIndex } = this;
    const { seed, workload, profile } = experiment;
    const vcpus = program.params['vcpus'] as number;
    return Array.from({ length: vcpus }, (_, nth) => {
      const actor = program.actors.indexOf(`vcpu${nth}`);
      return new Guest({
        program,
        meter,
        workload,
        events: {
          write: findOwnEvent(program, actor, 'WRITE'),
          evict: findOwnEvent(program, actor, 'EVICT'),
          exit: findOwnEvent(program, actor, 'EXIT'),
        },
        pages: program.params['pages'] as number,
        vcpus,
        nth,
        random: new RandomStream(seed, runIndex, `guest ${nth}`),
        tlbEntries: profile.tlbEntries.count,
        exitsPerSecond: profile.exitsPerSecond.count,
        wrote: zeroPages ? (gfn) => zeroPages.wrote(gfn) : () => {},
      });
    });
  }

  private sharedBy(clock: SchedulableSimulator, { contextSwitchNs }: CostModel): CpuScheduler | undefined {
    const { processors, profile } = this.experiment;
    if (processors === undefined) return undefined;
    if (contextSwitchNs === undefined) {
      throw new PrecopyError(
        'BAD_PROFILE',
        `profile ${profile.name} lacks contextSwitch, which threads that share processors need`,
        'give it in a profile of your own, as talk-2012 has it',
      );
    }
    this.processors = new CpuScheduler(processors, contextSwitchNs, kvmMetrics.processors, clock);
    return this.processors;
  }

  *run(): Generator<RunProgress, RunFigures, EndedEarly | undefined> {
    const { clock, experiment, meter } = this;
    const { warmUpNs, durationNs } = experiment;
    let isWarm = warmUpNs === 0;
    for (;;) {
      const reason = yield { simulatedNs: clock.nowNs, steps: clock.steps };
      if (reason) return this.figures(reason);
      const halt = clock.run(isWarm ? durationNs : warmUpNs, stepsPerTurn);
      // biome-ignore lint/suspicious/noSelfCompare: NaN until the destination has resumed
      if (meter.endedAtNs === meter.endedAtNs) return this.end();
      if (halt === 'until' && !isWarm) {
        meter.resetAfterWarmUp();
        isWarm = true;
      } else if (halt === 'until') return this.end(this.qemu ? 'duration' : undefined);
      else if (halt === 'deadlock') return this.end('deadlock');
      else if (halt === 'fault') {
        return this.figures('violated', { property: 'well-formed', detail: this.program.fault() });
      }
      if (halt === 'stopped') {
        this.stepsAtLook = clock.steps;
        const broken = this.check();
        if (broken) return this.figures('violated', broken);
      }
    }
  }

  private end(reason?: EndedEarly): RunFigures {
    this.qemu?.finish(this.clock.nowNs);
    const broken = this.check();
    return this.figures(broken ? 'violated' : reason, broken);
  }

  private check(): { property: string } | undefined {
    this.checks++;
    const broken = this.program.violated();
    return broken < 0 ? undefined : { property: this.program.properties[broken]?.id as string };
  }

  private figures(endedEarly?: EndedEarly, broken?: { property: string; detail?: string }): RunFigures {
    const { meter, program, clock, experiment, qemu, rounds, runIndex } = this;
    const simulatedNs = clock.nowNs;
    const measuredNs = simulatedNs - experiment.warmUpNs;
    const converged = qemu === undefined ? null : !Number.isNaN(meter.endedAtNs);
    const endNs = qemu && converged ? Math.max(meter.endedAtNs, qemu.linkFreeNs) : simulatedNs;
    const vcpuWrites = meter.vcpuWriteNs.distribution.count;
    return {
      run: runIndex,
      params: program.params,
      actors: program.actors,
      vcpuWriteNs: meter.vcpuWriteNs,
      holdNs: meter.holdNs,
      waitNs: meter.waitNs,
      getDirtyLogNs: meter.callNs[0] as Histogram,
      clearDirtyLogNs: meter.callNs[1] as Histogram,
      vcpuWrites,
      vcpuWritesPerSecond: measuredNs > 0 ? (vcpuWrites * 1e9) / measuredNs : 0,
      faults: meter.count('faults'),
      protections: meter.count('protections'),
      flushes: meter.count('flushes'),
      preemptions: this.processors?.preemptions ?? 0,
      holderPreemptions: this.processors?.holderPreemptions ?? 0,
      rounds: rounds.rounds.length,
      pagesSent: qemu?.pagesSent ?? 0,
      bytesSent: qemu?.bytesSent ?? 0,
      totalNs: endNs,
      downtimeNs: qemu && converged ? endNs - qemu.stoppedAtNs : 0,
      converged,
      convergence: qemu?.outcome(converged === true) ?? 'no migration',
      history: rounds.rounds,
      simulatedNs,
      steps: clock.steps,
      checks: this.checks,
      ...(endedEarly && { endedEarly }),
      ...(broken && { violation: { ...broken, run: runIndex, atNs: simulatedNs } }),
    };
  }
}
