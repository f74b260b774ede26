import { type Program, StepOutcome } from '../../compile/program.ts';
import type { ChoiceIds } from '../../model/choices.ts';
import { wellFormed } from '../../model/property.ts';
import type { Engine, Exploration, Progress, StopReason } from '../exploration.ts';
import { coversOf, verdictsOnSafety } from '../property-monitor.ts';
import { choicesForSearch } from '../successors/choice-limits.ts';
import { untakenUnder } from '../untaken.ts';
import { bytesPerNode, OutOfNodes } from './decision-diagrams.ts';
import { faultyChoice, scheduleTo } from './predecessors.ts';
import { type Failure, StateSets } from './state-sets.ts';
import { LateVariable, SymbolicProgram } from './symbolic-program.ts';
import { varyingBits } from './varying-bits.ts';

/** Limits and options of a symbolic search. */
export interface SymbolicLimits {
  /** stop at this number of states */
  readonly maxStates?: number;
  /** stop when diagrams and operation cache take this many bytes; 2 GiB by default */
  readonly maxMemoryBytes?: number;
  /** visit all states breadth first: slower, and the depth of the state space is known */
  readonly byLevels?: boolean;
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
export function* symbolicSearch(program: Program, limits: SymbolicLimits = {}): Engine {
  const result = yield* new SymbolicSearch(program, limits).run();
  program.repeatSteps();
  return result;
}

class SymbolicSearch {
  private readonly choiceIds: ChoiceIds;
  private symbolic: SymbolicProgram | undefined;
  private sets: StateSets | undefined;
  private rounds = 0;
  /** a property that some visited state is known to violate */
  private known: string | undefined;
  /** the number of visited states when it was last counted */
  private counted: { readonly of?: StateSets; readonly set: number; readonly states: number } = { set: -1, states: 0 };
  /** covers that the initial state hits */
  private readonly hitAtStart = new Set<number>();

  constructor(
    private readonly program: Program,
    private readonly limits: SymbolicLimits,
  ) {
    this.choiceIds = choicesForSearch(program.events);
  }

  *run(): Engine {
    const { program } = this;
    if (program.reset() === StepOutcome.fault) {
      return this.violated({ property: wellFormed, schedule: [], fault: program.fault() });
    }
    const initial = Int32Array.from(program.state);
    const covers = program.properties.flatMap(({ kind }, n) => (kind === 'cover' ? [n] : []));
    program.covers(covers, (cover) => this.hitAtStart.add(cover));
    this.symbolic = new SymbolicProgram(program, initial, varyingBits(program));
    for (;;) {
      try {
        return yield* this.search(this.symbolic);
      } catch (error) {
        if (error instanceof LateVariable) continue;
        if (error instanceof OutOfNodes) return this.stopped('max-memory');
        throw error;
      }
    }
  }

  private *search(symbolic: SymbolicProgram): Engine {
    const { limits, choiceIds } = this;
    const nodes = Math.floor((limits.maxMemoryBytes ?? defaultMemoryBytes) / bytesPerNode);
    this.rounds = 0;
    this.sets = undefined;
    this.sets = new StateSets(symbolic, choiceIds, Math.min(maxNodes, nodes));
    const stop = limits.byLevels ? undefined : yield* this.searchBySaturation(this.sets);
    if (stop === 'holds') return this.holds(this.sets);
    return stop === undefined ? yield* this.searchByLevels(this.sets) : this.stopped(stop);
  }

  /** Returns `holds`, the reason to stop, or undefined if there is a violation. */
  private *searchBySaturation(
    sets: StateSets,
  ): Generator<Progress, StopReason | 'holds' | undefined, StopReason | undefined> {
    while (sets.relation.learn(sets.states)) {
      const check = yield* this.interruptible(sets.failure(sets.states));
      this.known = check.value?.property;
      if (check.stop || check.value) return check.stop;
      sets.checked = sets.states;
      this.rounds++;
      const { stop } = yield* this.interruptible(sets.saturate());
      if (stop) return stop;
    }
    const check = yield* this.interruptible(sets.failure(sets.states));
    this.known = check.value?.property;
    return check.stop ?? (check.value ? undefined : 'holds');
  }

  /** Visits the states breadth first, from the initial one, up to the first violation. */
  private *searchByLevels(sets: StateSets): Engine {
    sets.restart();
    do {
      const level = sets.levels.at(-1) as number;
      sets.relation.learn(level);
      const check = yield* this.interruptible(sets.failure(level));
      if (check.stop) return this.stopped(check.stop);
      if (check.value) return this.violated(this.violation(check.value, sets));
      sets.checked = sets.states;
    } while (sets.addLevel());
    return this.holds(sets);
  }

  /** Does a part of the search. Ends it early if there is a reason to stop. */
  private *interruptible<T>(
    part: Generator<void, T, undefined>,
  ): Generator<Progress, { readonly stop?: StopReason; readonly value?: T }, StopReason | undefined> {
    for (;;) {
      const turn = part.next();
      const stop = this.overLimit() ?? (yield this.progress());
      if (stop) return { stop };
      if (turn.done) return { value: turn.value };
    }
  }

  /** Returns a shortest schedule to a state of the last level that violates a property. */
  private violation({ property, states, kind }: Failure, sets: StateSets): NonNullable<Exploration['violation']> {
    const { program } = this;
    const { diagrams, symbolic, levels } = sets;
    const state = symbolic.packedIn(diagrams, states);
    const schedule = scheduleTo(state, program, { diagrams, symbolic, levels, relations: sets.relation.relations });
    if (kind === 'fault') schedule.push(faultyChoice(state, program));
    if (kind !== 'race') return { property, schedule, fault: kind === 'fault' ? program.fault() : undefined };
    program.state.set(state);
    return { property, schedule, fault: program.ownedRace() };
  }

  private overLimit(): StopReason | undefined {
    const { maxStates } = this.limits;
    return maxStates !== undefined && this.states() >= maxStates ? 'max-states' : undefined;
  }

  /** Returns the number of visited states. */
  private states(): number {
    const { sets, counted } = this;
    if (sets === undefined) return 0;
    if (counted.set !== sets.states || counted.of !== sets) {
      this.counted = { of: sets, set: sets.states, states: sets.estimateStates() };
    }
    return this.counted.states;
  }

  private progress(): Progress {
    const { sets, limits, rounds } = this;
    const memoryBytes = sets?.diagrams.bytes ?? 0;
    return {
      states: this.states(),
      transitions: 0,
      depth: rounds || (sets?.levels.length ?? 0),
      frontier: 0,
      memoryBytes,
      memoryShare: memoryBytes / (limits.maxMemoryBytes ?? defaultMemoryBytes),
    };
  }

  private holds(sets: StateSets): Exploration {
    const { program } = this;
    sets.relation.repeat();
    const taken = new Int32Array(program.transitions.length);
    sets.symbolic.program.markTaken(taken);
    return {
      ...this.result('holds', sets),
      ...untakenUnder('holds', program, taken),
    };
  }

  private stopped(stoppedBy: StopReason): Exploration {
    this.sets?.collect();
    return { ...this.result('inconclusive', this.sets), stoppedBy };
  }

  private violated(violation: NonNullable<Exploration['violation']>): Exploration {
    const result = this.result('violated', this.sets, violation.property);
    return { ...result, depth: violation.schedule.length + 1, violation };
  }

  private result(verdict: Exploration['verdict'], sets: StateSets | undefined, violated?: string): Exploration {
    const { program, limits, known } = this;
    const states = sets?.countStates() ?? 1n;
    const checked = verdict === 'inconclusive' ? (sets?.countChecked() ?? 0n) : states;
    return {
      verdict,
      states: Number(states),
      transitions: Number(within(1n, () => sets?.countTransitions() ?? 1n)),
      depth: limits.byLevels ? (sets?.levels.length ?? 1) : 0,
      frontier: 0,
      collisionProbability: 0,
      tableBytes: sets?.diagrams.bytes ?? 0,
      properties: verdictsOnSafety(program, verdict, violated === undefined ? [] : [violated]),
      covers: coversOf(
        program,
        (cover) => this.hitAtStart.has(cover) || within(false, () => sets?.isHit(cover) === true),
      ),
      symbolic: {
        states: String(states),
        checked: String(checked),
        ...(verdict === 'inconclusive' && known !== undefined && { violated: known }),
        nodes: sets?.diagrams.size(sets.states) ?? 0,
        peakNodes: sets?.diagrams.peak ?? 0,
        variables: sets?.symbolic.bits.length ?? 0,
        paths: sets?.relation.paths ?? 0,
      },
    };
  }
}

/** Returns a result, or what is known without it if it does not fit into memory. */
function within<T>(otherwise: T, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof OutOfNodes) return otherwise;
    throw error;
  }
}
