import { InstrumentedProgram } from '../../cache/instrumented-program.ts';
import type { Program } from '../../compile/program.ts';
import type { TransitionInfo } from '../../compile/transition-tables.ts';
import { maskOf } from '../../model/state-layout.ts';
import type { ArrayVisitor } from '../storage/growable-buffer.ts';
import { allocateShared } from '../storage/shared-buffer.ts';

/**
 * Transition coverage of a search.
 * @example
 * const { coverage } = runEngine(breadthFirstSearch(program, { coverage: true }));
 * const dead = coverage?.transitions.filter(({ taken }) => taken === 0);
 */
export interface Coverage {
  /** transitions of all machines */
  readonly transitions: readonly (TransitionInfo & TransitionCounts)[];
  /** names of the cells that have their initial value in every state */
  readonly deadCells: readonly string[];
}

interface TransitionCounts {
  /** how often it was taken, by all actors of the machine, as the first microstep of a step or a later one */
  readonly taken: number;
  /** number of states discovered by a step that began with it */
  readonly newStates: number;
}

/** The memory of coverage counters, which workers share. */
export interface CoverageMemory {
  /** by unit: for each transition how often it was taken, then for each transition the states it discovered */
  readonly counts: SharedArrayBuffer;
  /** by successor record: 1 plus the transition that the step began with, or 0 */
  readonly firstTransition: SharedArrayBuffer;
  /** by word: the bits that differ from the initial state in some state */
  readonly changed: SharedArrayBuffer;
}

export function reserveCoverage(
  transitions: number,
  words: number,
  units: number,
  recordsPerUnit: number,
): CoverageMemory {
  return {
    counts: allocateShared(4 * 2 * transitions * units),
    firstTransition: allocateShared(4 * units * recordsPerUnit),
    changed: allocateShared(4 * words),
  };
}

/** Counts the transitions of the units that a worker expands. */
export class CoverageRecorder {
  private readonly counts: Int32Array;
  private readonly firstTransition: Int32Array;
  private readonly changed: Int32Array;
  private readonly changedByWorker: Int32Array;
  private readonly initial: Int32Array;
  private readonly transitionOf: Int32Array;
  private readonly transitions: number;

  constructor(
    private readonly program: Program,
    memory: CoverageMemory,
  ) {
    this.counts = new Int32Array(memory.counts);
    this.firstTransition = new Int32Array(memory.firstTransition);
    this.changed = new Int32Array(memory.changed);
    this.changedByWorker = new Int32Array(this.changed.length);
    program.reset();
    this.initial = Int32Array.from(program.state);
    this.transitionOf = transitionOfEach(program);
    this.transitions = program.transitions.length;
  }

  /** Begins a unit. */
  begin(unit: number): void {
    const { counts, transitions } = this;
    counts.fill(0, 2 * unit * transitions, 2 * (unit + 1) * transitions);
  }

  /** Records the last step. `record` is the index of its successor record if it gets one. */
  recordStep(unit: number, record: number): void {
    const { counts, firstTransition, transitionOf, program, transitions } = this;
    const { count, transitions: taken } = program.microsteps;
    const start = 2 * unit * transitions;
    for (let n = 0; n < count; n++) {
      const at = start + transitionOf[taken[n]];
      counts[at] = counts[at] + 1;
    }
    firstTransition[record] = program.lastTransition() + 1;
  }

  /** Records that the successor of a record is new. It is the current state. */
  recordNewState(unit: number, record: number): void {
    const { counts, firstTransition, program, initial, changedByWorker, transitions } = this;
    const { state } = program;
    for (let n = 0; n < initial.length; n++) {
      changedByWorker[n] = changedByWorker[n] | (state[n] ^ initial[n]);
    }
    const transition = firstTransition[record] - 1;
    if (transition < 0) return;
    const at = (2 * unit + 1) * transitions + transition;
    counts[at] = counts[at] + 1;
  }

  /** Publishes the changed bits to the other workers. */
  end(): void {
    const { changed, changedByWorker } = this;
    for (let n = 0; n < changedByWorker.length; n++) Atomics.or(changed, n, changedByWorker[n]);
  }
}

/** Sums the counts of all units. */
export class CoverageTotals {
  private readonly sums: Float64Array;

  constructor(
    private readonly program: Program,
    private readonly memory: CoverageMemory,
  ) {
    this.sums = new Float64Array(2 * program.transitions.length);
  }

  /** Adds the counts of a unit. */
  add(unit: number): void {
    const { sums, memory } = this;
    const counts = new Int32Array(memory.counts, 4 * unit * sums.length, sums.length);
    for (let n = 0; n < sums.length; n++) sums[n] = sums[n] + counts[n];
  }

  /** Visits the sums for a checkpoint. */
  visitMemory(visit: ArrayVisitor): void {
    visit(this.sums);
    visit(new Int32Array(this.memory.changed));
  }

  coverage(): Coverage {
    const { sums, program, memory } = this;
    const { transitions } = program;
    return {
      transitions: transitions.map((transition, n) => ({
        ...transition,
        taken: sums[n],
        newStates: sums[transitions.length + n],
      })),
      deadCells: deadCells(program, new Int32Array(memory.changed)),
    };
  }
}

/** Returns the names of the cells none of whose bits changed. */
function deadCells(program: Program, changed: Int32Array): string[] {
  const twin = new InstrumentedProgram(program);
  return twin.program.instance.cells.flatMap(({ plain }) => {
    twin.record(program.state, () => plain.show());
    const slots = twin.read.filter(({ width }) => width > 0);
    const hasChanged = slots.some((slot) => (changed[slot.at] >>> slot.shift) & maskOf(slot));
    return slots.length === 0 || hasChanged ? [] : [plain.name];
  });
}

/**
 * Returns the transition of each flat transition. Both are listed machine by machine, and each transition has at least
 * one flat transition.
 */
function transitionOfEach({ flatTransitions }: Program): Int32Array {
  let first = 0;
  let end = 0;
  return Int32Array.from(flatTransitions, ({ index, id }) => {
    if (index === 0) first = end;
    end = Math.max(end, first + id + 1);
    return first + id;
  });
}
