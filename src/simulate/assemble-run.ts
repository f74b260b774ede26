import { CostModel } from '../clock/cost-model.ts';
import { CpuScheduler, type SchedulableSimulator } from '../clock/cpu-scheduler.ts';
import { MetricsRecorder } from '../clock/metrics.ts';
import { PrefixCosts } from '../clock/prefix-cost.ts';
import { RandomStream } from '../clock/random-streams.ts';
import { Simulator } from '../clock/simulator.ts';
import { findOwnEvent, findStepEvent } from '../clock/spontaneous-actions.ts';
import { compile } from '../compile/compile.ts';
import { generatedDispatch } from '../compile/dispatch-codegen.ts';
import type { Interpreter } from '../compile/interpreter.ts';
import type { Program } from '../compile/program.ts';
import type { Bitmap } from '../model/bitmap.ts';
import { PrecopyError } from '../model/errors.ts';
import { Layout } from '../model/state-layout.ts';
import { costTable } from './cost-profile.ts';
import type { Experiment } from './experiment.ts';
import { Guest } from './guest.ts';
import { GuestMetrics } from './guest-metrics.ts';
import { kvmMetrics, kvmScheduling } from './kvm-metrics.ts';
import { kvmPolicies } from './kvm-policies.ts';
import { QemuMigrationPolicy } from './migration-policy.ts';
import { type MigrationEvents, PeriodicLogPolicy } from './periodic-log-policy.ts';
import { RoundRecorder } from './round-recorder.ts';
import type { RunInstruments } from './run-figures.ts';
import type { RunObserver } from './run-observer.ts';
import { ZeroPages } from './zero-pages.ts';

/** Pages of the program that prefix costs are learned from: two tables of sptes contain every path of a step. */
const warmUpPages = 1024;

/** One run of an experiment. */
export interface RunSpec {
  readonly experiment: Experiment;
  /** number of the run, from 0 */
  readonly run: number;
  /** creates the observer of the run */
  readonly observe: ((program: Program) => RunObserver) | undefined;
  /** called after each dirty-log round */
  readonly onRound: () => void;
}

/**
 * Assembles the simulator of a run: compiles the design, creates the policies of guest and QEMU, and learns prefix
 * costs.
 * @throws PrecopyError `TOO_LARGE`, `BAD_PROFILE`, `BAD_PARAMETER`, `BAD_DESIGN`
 */
export function assembleRun({ experiment, run, observe, onRound }: RunSpec): RunInstruments {
  const { design, params, mode } = experiment;
  const program = compile(design, params, {
    layout: new Layout(experiment.maxMemoryBytes),
    dispatch: generatedDispatch,
  });
  const observer = observe?.(program);
  program.reset();
  const metrics = new MetricsRecorder(program, kvmMetrics, observer);
  const guestMetrics = new GuestMetrics(program);
  const { costs, prefixCosts } = createCosts(program, experiment, run);
  const bitmaps = new Map(program.instance.cells.map(({ plain }) => [plain.name, plain as Bitmap]));
  const bmap = bitmaps.get('qemu.bmap') as Bitmap;
  const clearBmap = bitmaps.get('qemu.clearBmap') as Bitmap;
  const migrationActor = program.actors.indexOf('migration');
  const rounds = new RoundRecorder({
    actor: migrationActor,
    event: findStepEvent(program, migrationActor),
    run,
    bmap,
    userBitmap: bitmaps.get('qemu.userBitmap') as Bitmap,
    metrics,
    observer,
    onRound,
  });
  const zeroPages = createZeroPages(program, experiment, run);
  const guests = createGuests({ program, guestMetrics, experiment, run, zeroPages });
  const events = migrationEvents(program, migrationActor);
  const pagesPerClear = (program.params['bitsPerWord'] as number) * (program.params['wordsPerClear'] ?? 1);
  const collector =
    'migration' in mode
      ? new QemuMigrationPolicy({
          events,
          settings: mode.migration,
          bmap,
          clearBmap,
          pagesPerClear,
          rounds,
          isZero: (gfn) => zeroPages?.has(gfn) === true,
          onThrottle: (percent, nowNs) => {
            for (const guest of guests) guest.throttle(percent, nowNs);
          },
        })
      : new PeriodicLogPolicy(events, mode.collectEveryNs, clearBmap, rounds);
  const policies = kvmPolicies(program, {
    guests,
    migration: collector,
    rounds,
    isLockContended: () => metrics.waiting > 0,
  });
  let scheduler: CpuScheduler | undefined;
  const simulator = new Simulator({
    program,
    costs,
    prefixCosts,
    metrics,
    policies,
    observer,
    createScheduler: (schedulable) => {
      scheduler = createScheduler(schedulable, costs, experiment);
      return scheduler;
    },
  });
  const migration = collector instanceof QemuMigrationPolicy ? collector : undefined;
  return { program, simulator, metrics, guestMetrics, rounds, migration, scheduler };
}

function createCosts(
  program: Interpreter,
  { design, params, profile, seed }: Experiment,
  run: number,
): { costs: CostModel; prefixCosts: PrefixCosts } {
  const streams = program.actors.map((name) => new RandomStream(seed, run, `costs of ${name}`));
  const costs = new CostModel(program, costTable(profile, program.params), streams);
  const prefixCosts = new PrefixCosts(program, costs);
  const pages = Math.min(program.params['pages'] as number, warmUpPages);
  // The stream keeps its name, as seeded figures depend on it.
  prefixCosts.warmUp(compile(design, { ...params, pages }), new RandomStream(seed, run, 'rehearsal'));
  return { costs, prefixCosts };
}

function migrationEvents(program: Program, actor: number): MigrationEvents {
  return {
    sync: findOwnEvent(program, actor, 'SYNC'),
    send: findOwnEvent(program, actor, 'SEND'),
    clear: findOwnEvent(program, actor, 'CLEAR'),
    stop: findOwnEvent(program, actor, 'STOP'),
  };
}

/** Returns undefined if no page is zero, or nothing is sent. */
function createZeroPages({ params }: Program, { mode, seed }: Experiment, run: number): ZeroPages | undefined {
  if (!('migration' in mode) || mode.migration.zeroPages === 0) return undefined;
  return new ZeroPages(params['pages'] as number, mode.migration.zeroPages, seed, run);
}

interface GuestsSpec {
  readonly program: Program;
  readonly guestMetrics: GuestMetrics;
  readonly experiment: Experiment;
  readonly run: number;
  readonly zeroPages: ZeroPages | undefined;
}

function createGuests({ program, guestMetrics, experiment, run, zeroPages }: GuestsSpec): Guest[] {
  const { seed, workload, profile } = experiment;
  const vcpus = program.params['vcpus'] as number;
  return Array.from({ length: vcpus }, (_, nth) => {
    const actor = program.actors.indexOf(`vcpu${nth}`);
    return new Guest({
      program,
      metrics: guestMetrics,
      workload,
      events: {
        write: findOwnEvent(program, actor, 'WRITE'),
        evict: findOwnEvent(program, actor, 'EVICT'),
        exit: findOwnEvent(program, actor, 'EXIT'),
      },
      pages: program.params['pages'] as number,
      vcpus,
      nth,
      random: new RandomStream(seed, run, `guest ${nth}`),
      tlbEntries: profile.tlbEntries.count,
      exitsPerSecond: profile.exitsPerSecond.count,
      onWrite: zeroPages ? (gfn) => zeroPages.recordWrite(gfn) : () => {},
    });
  });
}

/** Returns undefined if each thread has a processor of its own. */
function createScheduler(
  simulator: SchedulableSimulator,
  { contextSwitchNs }: CostModel,
  { processors, profile }: Experiment,
): CpuScheduler | undefined {
  if (processors === undefined) return undefined;
  if (contextSwitchNs === undefined) {
    throw new PrecopyError(
      'BAD_PROFILE',
      `profile ${profile.name} lacks contextSwitch, which threads that share processors need`,
      'add it in a profile of your own, as talk-2012 has it',
    );
  }
  return new CpuScheduler(processors, contextSwitchNs, kvmScheduling, simulator);
}
