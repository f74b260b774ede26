import { compile } from '../compile/compile.ts';
import { StepOutcome } from '../compile/program.ts';
import { replay } from '../live/replay.ts';
import { ChoiceIds } from '../model/choices.ts';
import type { AnyDesign } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Trace } from '../model/trace.ts';
import { withFewestSwitches } from '../search/shrink/fewest-switches.ts';
import { shrink } from '../search/shrink/shrink.ts';
import { commutingWith } from './commuting.ts';
import { type AlignedStep, alignRuns } from './compare-runs.ts';
import { CoverHistory } from './cover-history.ts';
import { GuardProbe } from './guard-probe.ts';
import type { Alignment, Commuting, ModelInfo, Moment, Run, RunPart, SearchGoal, SearchLimits } from './messages.ts';
import { modelInfo } from './model-info.ts';
import { momentAfter } from './moments.ts';
import { RunRecorder } from './run-recorder.ts';
import { afterFault, type StateSearch, safetyOf, searchFrom } from './searches.ts';

/**
 * A design at params that is explored: runs are taken, looked at and searched from. All answers follow from what is
 * given: it keeps only what makes them fast.
 * @example
 * const model = new OpenModel(rmapXchg, { vcpus: 1 });
 * const { offers } = model.moment([]);
 */
export class OpenModel {
  readonly info: ModelInfo;
  readonly design: AnyDesign;
  private readonly recorder: RunRecorder;
  private readonly probe: GuardProbe;
  private readonly covers: CoverHistory;

  /** @throws PrecopyError as `compile` */
  constructor(
    design: AnyDesign,
    readonly params: Readonly<Record<string, number>>,
    memoryModel: 'sc' | 'tso' | undefined,
  ) {
    this.design = memoryModel ? { ...design, memoryModel } : design;
    this.recorder = new RunRecorder(this.design, params);
    this.info = modelInfo(this.recorder.instance);
    this.probe = new GuardProbe(this.design, params);
    this.covers = new CoverHistory(this.probe, new ChoiceIds(this.probe.program.events));
  }

  /** Returns the steps of a run behind the first `from`. */
  run(run: Run, from: number): RunPart {
    return this.recorder.partOf(run, from);
  }

  /**
   * Returns what a person is told about the state after a run.
   * @throws PrecopyError `BAD_SCHEDULE` if the run cannot be taken to its end
   */
  moment(run: Run): Moment {
    const states = this.recorder.statesAlong(run);
    const coversHit = this.covers.hitAlong(run, states);
    return momentAfter(this.probe, run, states, this.recorder.faultAfter(run), coversHit);
  }

  /**
   * Searches from the state after a run. A fault leaves no state behind: after one, only the fault itself is found.
   * @throws PrecopyError as `searchFrom`, or `BAD_SCHEDULE` if a run cannot be taken to its end
   */
  *search(run: Run, goal: SearchGoal, limits?: SearchLimits): StateSearch {
    const here = this.stateAfter(run);
    const fault = this.recorder.faultAfter(run);
    if (fault !== undefined) return afterFault(fault, goal);
    const start = { design: this.design, params: this.params, from: here };
    if (goal.kind === 'meet') {
      const there = this.stateAfter(goal.run);
      const faultThere = this.recorder.faultAfter(goal.run);
      if (faultThere !== undefined) return afterFault(faultThere, goal);
      return yield* searchFrom(start, goal, there, limits);
    }
    if (goal.kind === 'this-state') {
      return yield* searchFrom({ ...start, from: this.stateAfter([]) }, goal, here, limits);
    }
    return yield* searchFrom(start, goal, undefined, limits);
  }

  /** Returns the ids of the properties that a search can find violated. */
  get safetyProperties(): string[] {
    return safetyOf(this.design.properties).map(({ id }) => id);
  }

  /** Returns which choices commute with one after a run. */
  commuting(run: Run, choice: number): Commuting[] {
    this.probe.program.state.set(this.stateAfter(run));
    return this.recorder.faultAfter(run) === undefined ? commutingWith(this.probe, choice) : [];
  }

  /**
   * Shrinks a run that violates a property, to one that violates it as well.
   * @throws PrecopyError `BAD_SCHEDULE` if it violates none
   */
  shrink(run: Run, towards: 'length' | 'switches'): Run {
    const { violation, steps } = this.trace(run);
    if (!violation) {
      throw new PrecopyError('BAD_SCHEDULE', 'this run violates no property', 'go to a violation, and shrink that run');
    }
    const program = compile(this.design, this.params);
    if (program.reset() === StepOutcome.fault) return [];
    const shortest = shrink(program, run.slice(0, steps.length), violation.property);
    return towards === 'length' ? shortest : withFewestSwitches(program, shortest, violation.property);
  }

  /** Returns a run as live actors take it. It ends at the first violation. */
  trace(run: Run): Trace {
    const ids = new ChoiceIds(this.probe.program.events);
    return replay(
      this.design,
      this.params,
      run.map((choice) => ids.choiceOf(choice)),
    );
  }

  /**
   * Returns the run of another model with the same choices, up to the first one that it does not have: ids of choices
   * are those of one list of events.
   */
  translate(run: Run, other: OpenModel): Run {
    const here = this.probe.program;
    const there = other.probe.program;
    const [ids, otherIds] = [new ChoiceIds(here.events), new ChoiceIds(there.events)];
    const translated: number[] = [];
    for (const choice of run) {
      const { event, payload } = ids.choiceOf(choice);
      const { actor, type, from } = here.events[event] as (typeof here.events)[number];
      const names = [here.actors[actor], from === undefined ? undefined : here.actors[from]];
      const same = there.events.find(
        (one) =>
          one.type === type &&
          there.actors[one.actor] === names[0] &&
          (one.from === undefined ? undefined : there.actors[one.from]) === names[1],
      );
      if (same === undefined || payload >= same.domain) break;
      translated.push(otherIds.firstOf(same.id) + payload);
    }
    return translated;
  }

  /** Aligns a run with one of another model, or of this one. */
  compare(run: Run, other: OpenModel, otherRun: Run): Alignment {
    return alignRuns(this.alignedSteps(run), other.alignedSteps(otherRun));
  }

  /** Stops its actors. */
  close(): void {
    this.recorder.end();
  }

  private stateAfter(run: Run): Int32Array {
    return this.recorder.stateAfter(run);
  }

  private alignedSteps(run: Run): AlignedStep[] {
    const { steps } = this.recorder.partOf(run, 0);
    return steps.map(({ step, label }) => ({
      label,
      effect: JSON.stringify(
        step.moves.map(({ event, actions, after, accesses }) => [
          event,
          actions,
          after,
          accesses.filter(({ kind, before, after }) => kind !== 'load' && before !== after),
        ]),
      ),
    }));
  }
}
