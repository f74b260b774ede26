import { type Program, StepOutcome } from '../../compile/program.ts';
import { wellFormed } from '../../model/property.ts';
import type { Engine, SamplingFigures, StopReason } from '../exploration.ts';
import { PathSearch } from '../path-search.ts';
import type { PropertyFailure } from '../property-monitor.ts';
import { HyperLogLog } from '../storage/hyperloglog.ts';
import { EnabledChoices } from '../successors/enabled-choices.ts';
import { RaceProbe } from '../successors/race-probe.ts';
import { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import { type SchedulerName, schedulers } from './schedulers.ts';

export interface SampleOptions {
  readonly strategy: SchedulerName;
  /** 32-bit seed; equal seeds give equal schedules */
  readonly seed: number;
  /** most schedules */
  readonly runs: number;
  /** most steps of a schedule */
  readonly depth: number;
  /** number of ordering constraints of the bugs that PCT aims at */
  readonly bugDepth: number;
}

const transitionsPerYield = 8192;

/**
 * Schedule sampling: draws schedules by a randomized scheduler (random walk, PCT, POS) until one violates a property.
 * Each scheduler names its paper.
 *
 * A search without a violation proves nothing, so the verdict is `violated` or `inconclusive`. A violation is real,
 * since its schedule was executed.
 * @param sketch records the visited states, so that the schedules of several seeds can be counted together
 */
export function sampleSchedules(
  program: Program,
  options: SampleOptions,
  sketch: HyperLogLog = new HyperLogLog(),
): Engine {
  return new ScheduleSampling(program, options, sketch).run();
}

class ScheduleSampling extends PathSearch {
  private readonly scheduler: Scheduler;
  private readonly stateBefore: Int32Array;
  private readonly races: RaceProbe;
  private readonly priorities: Float64Array;
  /** ids of the choices of the current run */
  private readonly schedule: number[] = [];
  private runs = 0;

  constructor(
    program: Program,
    private readonly options: SampleOptions,
    private readonly sketch: HyperLogLog,
  ) {
    const choices = new EnabledChoices(program);
    super(program, choices, transitionsPerYield);
    const { strategy, seed, depth, bugDepth } = options;
    this.scheduler = schedulers[strategy]({ program, choices, random: new Random(seed), depth, bugDepth });
    this.stateBefore = new Int32Array(program.state.length);
    this.races = new RaceProbe(program, choices);
    this.priorities = new Float64Array(choices.ids.length);
  }

  protected start(): undefined {
    return undefined;
  }

  protected isExhausted(): boolean {
    return this.runs >= this.options.runs;
  }

  /** Executes one run, up to its end, the depth bound, or a violation. */
  protected advance(): PropertyFailure | undefined {
    const { program, scheduler, schedule, monitor } = this;
    this.runs++;
    schedule.length = 0;
    if (program.reset() === StepOutcome.fault) return monitor.modelFault();
    scheduler.beginRun();
    for (;;) {
      this.visit();
      const failure = this.raceBeforeLastStep() ?? monitor.violation();
      if (failure) return failure;
      if (schedule.length === this.options.depth) return undefined;
      const outcome = this.takeNext();
      if (outcome === StepOutcome.fault) return monitor.modelFault();
      if (outcome === StepOutcome.refused) return monitor.deadlock();
    }
  }

  private visit(): void {
    this.transitions++;
    this.maxSteps = Math.max(this.maxSteps, this.schedule.length);
    this.sketch.addState(this.program.state);
    this.monitor.recordCovers();
  }

  /** Returns the failure if the last step raced for owned memory with another choice, and takes it back. */
  private raceBeforeLastStep(): PropertyFailure | undefined {
    const { schedule, races, stateBefore } = this;
    const choice = schedule.at(-1);
    const fault = choice === undefined ? undefined : races.raceBefore(choice, stateBefore);
    if (fault === undefined) return undefined;
    schedule.pop();
    return { property: wellFormed, fault };
  }

  /** Takes the enabled choice of the highest priority. Returns `refused` if no choice is enabled. */
  private takeNext(): StepOutcome {
    const { choices, scheduler, program, stateBefore, priorities } = this;
    choices.refresh();
    const { ids, count } = choices;
    for (let n = 0; n < count; n++) priorities[n] = scheduler.priority(ids[n]);
    stateBefore.set(program.state);
    for (let tried = 0; tried < count; tried++) {
      let best = 0;
      for (let n = 1; n < count; n++) if (priorities[n] > priorities[best]) best = n;
      const choice = ids[best];
      const outcome = choices.take(choice);
      priorities[best] = Number.NEGATIVE_INFINITY;
      if (outcome === StepOutcome.refused) continue;
      this.schedule.push(choice);
      if (outcome === StepOutcome.taken) scheduler.onStep(choice, stateBefore);
      return outcome;
    }
    return StepOutcome.refused;
  }

  protected incompleteness(): StopReason {
    return 'runs';
  }

  protected path(): readonly number[] {
    return this.schedule;
  }

  protected counters() {
    return { states: this.sketch.estimate, frontier: 0, memoryBytes: this.sketch.bytes };
  }

  protected figures(found: { readonly stepsFound?: number }): { sampled: SamplingFigures } {
    const { strategy, seed, depth } = this.options;
    const { bound } = this.scheduler;
    return { sampled: { strategy, seed, runs: this.runs, depth, ...found, ...(bound && { bound }) } };
  }
}
