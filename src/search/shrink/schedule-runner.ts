import { type Program, StepOutcome } from '../../compile/program.ts';
import { goalsAmong, wellFormed } from '../../model/property.ts';
import { EnabledChoices } from '../successors/enabled-choices.ts';
import { RaceProbe } from '../successors/race-probe.ts';

/** A schedule as far as it was executed. */
export interface ScheduleRun {
  /** ids of the choices that were enabled, up to the one that violated a property */
  readonly executed: number[];
  /** id of the property that the last of them violates */
  readonly violated: string | undefined;
}

/** Executes schedules that need not fit the program: a choice that is disabled when its turn comes is dropped. */
export class ScheduleRunner {
  private readonly choices: EnabledChoices;
  private readonly races: RaceProbe;
  private readonly goals: readonly number[];

  constructor(private readonly program: Program) {
    this.goals = goalsAmong(program.properties);
    this.choices = new EnabledChoices(program);
    this.races = new RaceProbe(program, this.choices);
  }

  /** Executes a schedule up to the first violation. Races for owned memory are looked for at its end. */
  follow(path: readonly number[]): ScheduleRun {
    const { program, choices } = this;
    const executed: number[] = [];
    if (program.reset() === StepOutcome.fault) return { executed, violated: wellFormed };
    for (const choice of path) {
      const violated = this.violatedInvariant();
      if (violated !== undefined) return { executed, violated };
      const outcome = choices.tryTake(choice);
      if (outcome === StepOutcome.refused) continue;
      executed.push(choice);
      if (outcome === StepOutcome.fault) return { executed, violated: wellFormed };
    }
    return { executed, violated: this.violatedInvariant() ?? this.race() ?? this.deadlock() };
  }

  /** Executes a random walk of at most `depth` steps, up to the first violation. */
  sampleWalk(depth: number, below: (size: number) => number): ScheduleRun {
    const { program, choices } = this;
    const executed: number[] = [];
    if (program.reset() === StepOutcome.fault) return { executed, violated: wellFormed };
    const before = new Int32Array(program.state.length);
    for (;;) {
      const last = executed.at(-1);
      if (last !== undefined && this.races.raceBefore(last, before) !== undefined)
        return { executed: executed.slice(0, -1), violated: wellFormed };
      const violated = this.violatedInvariant();
      if (violated !== undefined || executed.length === depth) return { executed, violated };
      before.set(program.state);
      choices.refresh();
      const untried = [...choices.ids.subarray(0, choices.count)];
      let outcome: StepOutcome = StepOutcome.refused;
      while (outcome === StepOutcome.refused && untried.length > 0) {
        const [choice] = untried.splice(below(untried.length), 1) as [number];
        outcome = choices.take(choice);
        if (outcome !== StepOutcome.refused) executed.push(choice);
      }
      if (outcome === StepOutcome.fault) return { executed, violated: wellFormed };
      if (outcome === StepOutcome.refused) return { executed, violated: this.deadlock() };
    }
  }

  /** Removes the steps between two visits of one state. Every choice of the schedule has to be enabled in turn. */
  withoutCycles(path: readonly number[]): number[] {
    const { program, choices } = this;
    program.reset();
    const kept: number[] = [];
    const visits = new Map([[key(program.state), 0]]);
    for (const choice of path) {
      // A fault leaves no state behind that could be compared.
      if (choices.take(choice) === StepOutcome.fault) return [...kept, choice];
      const visited = visits.get(key(program.state));
      if (visited === undefined) {
        kept.push(choice);
        visits.set(key(program.state), kept.length);
        continue;
      }
      for (const [state, length] of visits) if (length > visited) visits.delete(state);
      kept.length = visited;
    }
    return kept;
  }

  /** Returns the id of the invariant that the current state violates, or of the goal that the last step hits. */
  private violatedInvariant(): string | undefined {
    const { program, goals } = this;
    let first = program.violated();
    if (first < 0 && goals.length > 0) {
      program.covers(goals, (goal) => {
        first = goal;
      });
    }
    return program.properties[first]?.id;
  }

  private race(): string | undefined {
    return this.program.ownedRace() === undefined ? undefined : wellFormed;
  }

  private deadlock(): string | undefined {
    const { program } = this;
    const violated = program.properties[program.violatedByDeadlock()];
    return violated === undefined || this.choices.hasAny() ? undefined : violated.id;
  }
}

const key = (state: Int32Array): string => state.join();
