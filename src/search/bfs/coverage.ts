import { InstrumentedProgram } from '../../cache/instrumented-program.ts';
import type { Program } from '../../compile/program.ts';
import type { TransitionInfo } from '../../compile/transition-tables.ts';
import { maskOf } from '../../model/state-layout.ts';
import type { ArrayVisitor } from '../storage/growable-buffer.ts';

/** How much of the model a search went through. */
export interface Coverage {
  /** the transitions of each machine */
  readonly transitions: readonly (TransitionInfo & TransitionCounts)[];
  /** cells that had their initial value in every state that was found */
  readonly deadCells: readonly string[];
}

interface TransitionCounts {
  /** how often it was taken, by all actors that run the machine, as the first of a step or after it */
  readonly taken: number;
  /** how many states were found by a step that began with it */
  readonly newStates: number;
}

/** What the threads of a search share of its coverage. */
export interface CoverageMemory {
  /** by unit, then by transition: how often it was taken, and then how many states steps that began with it found */
  readonly counts: SharedArrayBuffer;
  /** by record: the transition that the step began with, and 1; 0 where it began with none */
  readonly firstTransition: SharedArrayBuffer;
  /** by word: the bits that some state has otherwise than the initial one */
  readonly changed: SharedArrayBuffer;
}

export function reserveCoverage(
  transitions: number,
  words: number,
  units: number,
  recordsPerUnit: number,
): CoverageMemory {
  return {
    counts: new SharedArrayBuffer(4 * 2 * transitions * units),
    firstTransition: new SharedArrayBuffer(2 * units * recordsPerUnit),
    changed: new SharedArrayBuffer(4 * words),
  };
}

/** What one thread notes of the units that it works on. The sums are the leader's, so they do not depend on who worked on what. */
export class CoverageRecorder {
  private readonly counts: Int32Array;
  private readonly firstTransition: Uint16Array;
  private readonly changed: Int32Array;
  private readonly changedHere: Int32Array;
  private readonly initial: Int32Array;
  private readonly transitionOf: Int32Array;
  private readonly transitions: number;

  constructor(
    private readonly program: Program,
    memory: CoverageMemory,
  ) {
    this.counts = new Int32Array(memory.counts);
    this.firstTransition = new Uint16Array(memory.firstTransition);
    this.changed = new Int32Array(memory.changed);
    this.changedHere = new Int32Array(this.changed.length);
    program.reset();
    this.initial = Int32Array.from(program.state);
    this.transitionOf = transitionsOfArrows(program);
    this.transitions = program.transitions.length;
  }

  /** A unit begins. */
  begin(unit: number): void {
    const { counts, transitions } = this;
    counts.fill(0, 2 * unit * transitions, 2 * (unit + 1) * transitions);
  }

  /** A step was taken; if it is recorded, then as `record`. */
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

  /** A record is a new state, which is the current one. */
  recordNewState(unit: number, record: number): void {
    const { counts, firstTransition, program, initial, changedHere, transitions } = this;
    const { state } = program;
    for (let n = 0; n < initial.length; n++) {
      changedHere[n] = changedHere[n] | (state[n] ^ initial[n]);
    }
    const transition = firstTransition[record] - 1;
    if (transition < 0) return;
    const at = (2 * unit + 1) * transitions + transition;
    counts[at] = counts[at] + 1;
  }

  /** A unit is done. */
  end(): void {
    const { changed, changedHere } = this;
    for (let n = 0; n < changedHere.length; n++) Atomics.or(changed, n, changedHere[n]);
  }
}

/** Adds up what the threads have noted. */
export class CoverageTotals {
  private readonly sums: Float64Array;

  constructor(
    private readonly program: Program,
    private readonly memory: CoverageMemory,
  ) {
    this.sums = new Float64Array(2 * program.transitions.length);
  }

  /** Adds what was noted of a unit. */
  add(unit: number): void {
    const { sums, memory } = this;
    const counts = new Int32Array(memory.counts, 4 * unit * sums.length, sums.length);
    for (let n = 0; n < sums.length; n++) sums[n] = sums[n] + counts[n];
  }

  /** Visits what has been noted so far. */
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

/** The cells none of whose bits are among those that have changed. */
function deadCells(program: Program, changed: Int32Array): string[] {
  const twin = new InstrumentedProgram(program);
  return twin.program.instance.cells.flatMap(({ plain }) => {
    twin.record(program.state, () => plain.show());
    const slots = twin.read.filter(({ width }) => width > 0);
    const hasChanged = slots.some((slot) => (changed[slot.at] >>> slot.shift) & maskOf(slot));
    return slots.length === 0 || hasChanged ? [] : [plain.name];
  });
}

/** By arrow: the transition that it is an arrow of. Both go machine by machine, and each transition has an arrow. */
function transitionsOfArrows({ flatTransitions }: Program): Int32Array {
  let first = 0;
  let end = 0;
  return Int32Array.from(flatTransitions, ({ index, id }) => {
    if (index === 0) first = end;
    end = Math.max(end, first + id + 1);
    return first + id;
  });
}
