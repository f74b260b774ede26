import { type Program, StepOutcome } from '../../compile/program.ts';
import type { ChoiceIds } from '../../model/choices.ts';
import { goalsAmong, type Property, wellFormed } from '../../model/property.ts';
import type { CheckpointStore } from '../checkpoint-store.ts';
import type { Engine, Exploration, Progress, StopReason, SymbolicActivity } from '../exploration.ts';
import { choicesForSearch } from '../successors/choice-limits.ts';
import { untakenUnder } from '../untaken.ts';
import { nodesWithin, OutOfNodes } from './decision-diagrams.ts';
import { faultyChoice, scheduleTo } from './predecessors.ts';
import { randomRun } from './random-run.ts';
import type { Pace } from './slices.ts';
import { StateCounter } from './state-counter.ts';
import { type Failure, StateSets } from './state-sets.ts';
import { checkpointOf, restoreSets, type SymbolicCheckpoint } from './symbolic-checkpoint.ts';
import { LateVariable, SymbolicProgram } from './symbolic-program.ts';
import { endedAtStart, SymbolicReport } from './symbolic-report.ts';

/** What a symbolic search gets from its surroundings. */
export interface SymbolicServices {
  /** saves a checkpoint when one is due, and when the search is stopped */
  readonly checkpoints?: CheckpointStore<SymbolicCheckpoint> | undefined;
}

/** Limits and options of a symbolic search. */
export interface SymbolicLimits {
  /** stop at this number of states */
  readonly maxStates?: number;
  /** stop when diagrams and operation cache take this many bytes; 2 GiB by default */
  readonly maxMemoryBytes?: number;
  /** visit all states breadth first: slower, and the depth of the state space is known */
  readonly byLevels?: boolean;
  /** how often to pause and to free nodes: tests make both frequent */
  readonly pace?: Pace;
}

const defaultMemoryBytes = 2 ** 31;
/** Arrays for more nodes would take over 3.5 GiB. */
const maxNodes = 1 << 28;

/**
 * Visits all reachable states as sets: symbolic model checking (J. Burch, E. Clarke, K. McMillan, D. Dill and L. Hwang,
 * Symbolic Model Checking: 10^20 States and Beyond, Information and Computation 98, 1992).
 *
 *     states := { initial }
 *     until nothing new is learned:
 *       learn        for each choice, while it does something unknown in some of the states: run it in one of them, on
 *                    symbolic data; its path through guards and actions is what it does in all states with this path
 *       check        if a state violates an invariant, is a race or a deadlock, or a choice of it is a fault:
 *                    search again from the initial state, level by level, for a shortest schedule to a violation
 *       saturate     add all states that the relations learned so far lead to
 *     evaluate the covers
 *
 * Learned and checked states are the same ones, so when nothing new is learned all reachable states are visited and
 * checked. A level is the set of the states at one distance from the initial state; the schedule to a violation goes
 * back from level to level. Sets are exact: no state is identified with another.
 * @example
 * const { verdict, states } = runEngine(symbolicSearch(compile(design, { vcpus: 2, pages: 4 })));
 */
export function* symbolicSearch(
  program: Program,
  limits: SymbolicLimits = {},
  services: SymbolicServices = {},
): Engine {
  const result = yield* new SymbolicSearch(program, limits, services).run();
  program.repeatSteps();
  return result;
}

/** A search of all states. One for something else among them overrides what it concludes. */
export class SymbolicSearch {
  protected readonly choiceIds: ChoiceIds;
  private symbolic: SymbolicProgram | undefined;
  private sets: StateSets | undefined;
  /** the checkpoint to resume from, until that is done */
  private latest: SymbolicCheckpoint | undefined;
  private rounds = 0;
  private activity: SymbolicActivity = 'learn';
  /** a property that some visited state is known to violate */
  protected known: string | undefined;
  private readonly counter = new StateCounter();
  /** covers that the initial state hits */
  private readonly hitAtStart = new Set<number>();

  constructor(
    protected readonly program: Program,
    private readonly limits: SymbolicLimits,
    private readonly services: SymbolicServices = {},
  ) {
    this.choiceIds = choicesForSearch(program.events);
  }

  *run(): Engine {
    const { program } = this;
    if (program.reset() === StepOutcome.fault) {
      const violation = { property: wellFormed, schedule: [], fault: program.fault() };
      return endedAtStart(program, this.hitAtStart, { verdict: 'violated', violation });
    }
    const initial = Int32Array.from(program.state);
    const covers = program.properties.flatMap(({ kind }, n) => (kind === 'cover' ? [n] : []));
    program.covers(covers, (cover) => this.hitAtStart.add(cover));
    const violated = this.violatedAtStart();
    if (violated !== undefined) {
      const violation = { property: violated.id, schedule: [], fault: undefined };
      return endedAtStart(program, this.hitAtStart, { verdict: 'violated', violation });
    }
    this.symbolic = new SymbolicProgram(program, initial, randomRun(program));
    this.latest = this.services.checkpoints?.latest;
    if (this.latest) this.symbolic.vary(this.latest.bits);
    for (;;) {
      try {
        return yield* this.search(this.symbolic);
      } catch (error) {
        if (error instanceof LateVariable) continue;
        if (error instanceof OutOfNodes) return this.outOfMemory();
        throw error;
      }
    }
  }

  /** Returns the invariant that the initial state violates, or the goal that it hits, if any. */
  private violatedAtStart(): Property | undefined {
    const { properties } = this.program;
    const invariant = this.program.violated();
    const violated = invariant < 0 ? goalsAmong(properties).find((goal) => this.hitAtStart.has(goal)) : invariant;
    return violated === undefined ? undefined : properties[violated];
  }

  private *search(symbolic: SymbolicProgram): Engine {
    const { limits, choiceIds } = this;
    const nodes = nodesWithin(limits.maxMemoryBytes ?? defaultMemoryBytes);
    this.rounds = 0;
    this.sets = undefined;
    const sets = new StateSets(symbolic, choiceIds, Math.min(maxNodes, nodes), limits.pace);
    this.sets = sets;
    this.restoreCheckpoint(sets);
    const isByLevels = limits.byLevels || sets.levels.length > 0;
    const end = isByLevels ? 'violated' : yield* this.searchBySaturation(sets);
    if (end === 'holds') return yield* this.conclude(sets);
    return end === 'violated' ? yield* this.searchByLevels(sets) : this.stopped(end, sets);
  }

  /** Returns whether all properties hold in all states, or the reason to stop. */
  private *searchBySaturation(
    sets: StateSets,
  ): Generator<Progress, StopReason | 'holds' | 'violated', StopReason | undefined> {
    for (;;) {
      const learning = yield* this.interruptible('learn', sets.learn(sets.states));
      if (learning.stop) return learning.stop;
      const check = yield* this.interruptible('check', sets.failure(sets.states));
      this.known = check.value?.property;
      if (check.stop) return check.stop;
      if (check.value) return 'violated';
      sets.checked = sets.states;
      if (!learning.value) return 'holds';
      this.rounds++;
      const { stop } = yield* this.interruptible('saturate', sets.saturate());
      if (stop) return stop;
    }
  }

  /** Visits the states breadth first, from the initial one, up to the first violation. */
  private *searchByLevels(sets: StateSets): Engine {
    if (sets.levels.length === 0) sets.restart();
    const relearning = yield* this.interruptible('learn', sets.learn(sets.states));
    if (relearning.stop) return this.stopped(relearning.stop, sets);
    for (;;) {
      const level = sets.levels.at(-1) as number;
      const learning = yield* this.interruptible('learn', sets.learn(level));
      if (learning.stop) return this.stopped(learning.stop, sets);
      const check = yield* this.interruptible('check', sets.failure(level));
      if (check.stop) return this.stopped(check.stop, sets);
      if (check.value) return yield* this.violated(this.violation(check.value, sets), sets);
      sets.checked = sets.states;
      const next = yield* this.interruptible('level', sets.addLevel());
      if (next.stop) return this.stopped(next.stop, sets);
      if (!next.value) return yield* this.conclude(sets);
    }
  }

  /** Does a part of the search. Ends it early if there is a reason to stop. */
  protected *interruptible<T>(
    activity: SymbolicActivity,
    part: Generator<void, T, undefined>,
  ): Generator<Progress, { readonly stop?: StopReason; readonly value?: T }, StopReason | undefined> {
    this.activity = activity;
    for (;;) {
      const turn = part.next();
      const stop = this.overLimit() ?? (yield this.progress());
      if (stop || this.services.checkpoints?.isDue()) this.saveCheckpoint();
      if (stop) return { stop };
      if (turn.done) return { value: turn.value };
    }
  }

  /** Returns a shortest schedule to a state of the last level that violates a property. */
  private violation(
    { property, states, kind, choice }: Failure,
    sets: StateSets,
  ): NonNullable<Exploration['violation']> {
    const { program } = this;
    const { diagrams, symbolic, levels } = sets;
    const state = symbolic.packedIn(diagrams, states);
    const schedule = scheduleTo(state, program, { diagrams, symbolic, levels, relations: sets.relation.relations });
    if (choice) schedule.push(choice);
    if (kind === 'fault') schedule.push(faultyChoice(state, program));
    if (kind !== 'race') return { property, schedule, fault: kind === 'fault' ? program.fault() : undefined };
    program.state.set(state);
    return { property, schedule, fault: program.ownedRace() };
  }

  private overLimit(): StopReason | undefined {
    const { sets, counter } = this;
    const { maxStates } = this.limits;
    const isOver = maxStates !== undefined && sets !== undefined && counter.count(sets) >= maxStates;
    return isOver ? 'max-states' : undefined;
  }

  private progress(): Progress {
    const { sets, limits, rounds, activity, counter } = this;
    const memoryBytes = sets?.diagrams.bytes ?? 0;
    const isByLevels = sets !== undefined && sets.levels.length > 0;
    return {
      states: sets === undefined ? 1 : counter.recentCount(sets),
      transitions: 0,
      depth: isByLevels ? sets.levels.length : rounds + 1,
      frontier: 0,
      memoryBytes,
      memoryShare: memoryBytes / (limits.maxMemoryBytes ?? defaultMemoryBytes),
      symbolic: { activity, nodes: sets?.diagrams.nodes ?? 0, isByLevels },
    };
  }

  /** Returns the result when all states are visited, and no safety property is violated. */
  protected conclude(sets: StateSets): Engine {
    return this.holds(sets);
  }

  protected *holds(sets: StateSets): Engine {
    const { program, limits, rounds } = this;
    const repetition = yield* this.interruptible('repeat', sets.relation.repeat(sets.slices));
    if (repetition.stop) return this.stopped(repetition.stop, sets);
    const taken = new Int32Array(program.transitions.length);
    sets.symbolic.program.markTaken(taken);
    const report = new SymbolicReport(program, sets, this.hitAtStart);
    const { stop } = yield* this.interruptible('covers', report.evaluate());
    if (stop) return this.stopped(stop, sets);
    return {
      ...report.exploration({ verdict: 'holds', rounds }),
      ...(limits.byLevels && { depth: sets.levels.length }),
      ...untakenUnder('holds', program, taken),
    };
  }

  protected *violated(violation: NonNullable<Exploration['violation']>, sets: StateSets): Engine {
    const { program, rounds, hitAtStart } = this;
    const report = new SymbolicReport(program, sets, hitAtStart);
    // A reason to stop only leaves covers open now.
    yield* this.interruptible('covers', report.evaluate());
    const { property, schedule } = violation;
    return {
      ...report.exploration({ verdict: 'violated', rounds, violated: property }),
      depth: schedule.length + 1,
      violation,
    };
  }

  private outOfMemory(): Exploration {
    const { program, sets, hitAtStart } = this;
    const stoppedBy = 'max-memory';
    if (sets === undefined) return endedAtStart(program, hitAtStart, { verdict: 'inconclusive', stoppedBy });
    sets.slices.collect();
    this.saveCheckpoint();
    return this.stopped(stoppedBy, sets);
  }

  private saveCheckpoint(): void {
    const { sets, rounds, known } = this;
    const { checkpoints } = this.services;
    if (checkpoints === undefined || sets === undefined) return;
    const { snapshot, each } = checkpointOf(sets, { rounds, known });
    checkpoints.save(snapshot, each);
  }

  /** Gives the first sets of a search those of the latest checkpoint. */
  private restoreCheckpoint(sets: StateSets): void {
    const { latest } = this;
    const { checkpoints } = this.services;
    if (latest === undefined || checkpoints === undefined) return;
    this.latest = undefined;
    restoreSets(sets, latest, (each) => checkpoints.restore(each));
    this.rounds = latest.rounds;
    this.known = latest.known ?? undefined;
  }

  /** Returns what is known of the states that were visited. */
  protected stopped(stoppedBy: StopReason, sets: StateSets): Exploration {
    const { program, rounds, activity, known, hitAtStart } = this;
    const report = new SymbolicReport(program, sets, hitAtStart);
    report.evaluateSome();
    return {
      ...report.exploration({ verdict: 'inconclusive', rounds, activity, known }),
      ...(sets.levels.length > 0 && { depth: sets.levels.length }),
      stoppedBy,
    };
  }
}
