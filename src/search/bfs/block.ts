import { assertInvariant } from '../assert-invariant.ts';
import { allocateShared } from '../storage/shared-buffer.ts';

/** Most units of a block, if memory is plenty. */
export const unitsPerBlock = 512;

/** The figures of a unit, 32 bits each. A violation is the first one of its kind in the unit, or -1. */
export const UnitField = {
  /** number of parents */
  parents: 0,
  /** number of successor records */
  records: 1,
  /** number of generated successors, duplicates included */
  generated: 2,
  /** number of records whose states are new */
  newStates: 3,
  /** rank of the first parent that is a deadlock or a race for owned memory */
  atParent: 4,
  /** predecessor code of the first step that is a fault */
  fault: 5,
  /** predecessor code of the first step that violates an invariant, and the index of the invariant */
  broken: 6,
  invariant: 7,
  /** number of choices that were skipped because they are in a sleep set */
  sleepSetSkips: 8,
  /** the worker that expands the unit, and hence commits it */
  owner: 9,
  /** predecessor code of the first step that reaches a goal */
  goal: 10,
} as const;
const wordsPerUnit = 11;

/** The memory of a block, which workers share. */
export interface BlockMemory {
  readonly parentsPerUnit: number;
  /** most units of a block */
  readonly maxUnits: number;
  /** the last unit, and the number of blocks that were cut short so far */
  readonly cut: SharedArrayBuffer;
  readonly fields: SharedArrayBuffer;
  /** ids of the first parents of units, then ids of their first states, then the number of units */
  readonly stateIds: SharedArrayBuffer;
}

/**
 * Consecutive states of a level that are expanded together. A block consists of units of `parentsPerUnit` consecutive
 * states; a unit is expanded and committed by one worker. All workers go through the phases of a block together
 * (`BlockExpander`).
 */
export class Block {
  readonly parentsPerUnit: number;
  readonly maxUnits: number;
  /** by unit: the id of its first parent, and of the first new state that it discovers */
  readonly firstParent: Float64Array;
  readonly firstState: Float64Array;
  private readonly unitCount: Float64Array;
  private readonly fields: Int32Array;
  private readonly cut: Int32Array;

  static reserve(parentsPerUnit: number, maxUnits: number): BlockMemory {
    return {
      parentsPerUnit,
      maxUnits,
      cut: allocateShared(8),
      fields: allocateShared(4 * wordsPerUnit * maxUnits),
      stateIds: allocateShared(8 * (2 * maxUnits + 1)),
    };
  }

  constructor(memory: BlockMemory) {
    const { parentsPerUnit, maxUnits } = memory;
    this.parentsPerUnit = parentsPerUnit;
    this.maxUnits = maxUnits;
    this.fields = new Int32Array(memory.fields);
    this.cut = new Int32Array(memory.cut);
    const stateIds = new Float64Array(memory.stateIds);
    this.firstParent = stateIds.subarray(0, maxUnits);
    this.firstState = stateIds.subarray(maxUnits, 2 * maxUnits);
    this.unitCount = stateIds.subarray(2 * maxUnits);
  }

  /** Divides the states from id `first` up to `end` into units. */
  begin(first: number, end: number): void {
    const { parentsPerUnit } = this;
    this.unitCount[0] = Math.ceil((end - first) / parentsPerUnit);
    this.cut[0] = this.units - 1;
    assertInvariant(this.units <= this.maxUnits, 'a block has at most as many units as it has room for');
    for (let unit = 0; unit < this.units; unit++) {
      const firstParent = first + unit * parentsPerUnit;
      this.firstParent[unit] = firstParent;
      this.set(unit, UnitField.parents, Math.min(parentsPerUnit, end - firstParent));
    }
  }

  /** number of units */
  get units(): number {
    return this.unitCount[0];
  }

  /**
   * Cuts the block short, since a cache is full: the unit ends after `parents` parents, and is the last one, unless the
   * block is cut before it.
   */
  cutAfter(unit: number, parents: number): void {
    const { cut } = this;
    for (let last = Atomics.load(cut, 0); unit <= last; last = Atomics.load(cut, 0)) {
      if (Atomics.compareExchange(cut, 0, last, unit) !== last) continue;
      this.set(unit, UnitField.parents, parents);
      Atomics.add(cut, 1, 1);
      return;
    }
  }

  /** the last unit that belongs to the block */
  get lastUnit(): number {
    return Atomics.load(this.cut, 0);
  }

  /** number of times that a block was cut short */
  get cuts(): number {
    return Atomics.load(this.cut, 1);
  }

  /** Drops the units behind a cut. Returns the id behind the last parent. */
  dropCutUnits(): number {
    const last = this.lastUnit;
    this.unitCount[0] = last + 1;
    return this.firstParent[last] + this.get(last, UnitField.parents);
  }

  /** Clears the results of a unit. */
  clear(unit: number): void {
    const { records, generated, newStates, sleepSetSkips, atParent, fault, broken, goal } = UnitField;
    for (const field of [records, generated, newStates, sleepSetSkips]) this.set(unit, field, 0);
    for (const field of [atParent, fault, broken, goal]) this.set(unit, field, -1);
  }

  /** Assigns ids to the new states, in the order of units, from id `states` on. Returns the end of the ids. */
  assignStateIds(states: number): number {
    let end = states;
    for (let unit = 0; unit < this.units; unit++) {
      const newStates = this.get(unit, UnitField.newStates);
      assertInvariant(
        newStates >= 0 && newStates <= this.get(unit, UnitField.records),
        'each new state of a unit has a successor record',
      );
      this.firstState[unit] = end;
      end += newStates;
    }
    return end;
  }

  /** Asserts that the ids of the new states of a unit end where those of the next unit begin. */
  assertCommitted(unit: number, end: number): void {
    const newStates = this.get(unit, UnitField.newStates);
    assertInvariant(end - this.firstState[unit] === newStates, 'the ids of new states are contiguous');
  }

  get(unit: number, field: number): number {
    return this.fields[unit * wordsPerUnit + field];
  }

  set(unit: number, field: number, value: number): void {
    this.fields[unit * wordsPerUnit + field] = value;
  }

  /** Sets a field that is -1, so that it keeps the first value. */
  setFirst(unit: number, field: number, value: number): void {
    if (this.get(unit, field) < 0) this.set(unit, field, value);
  }

  add(unit: number, field: number, value: number): void {
    this.set(unit, field, this.get(unit, field) + value);
  }

  /** Adds to a field that several workers add to. */
  atomicAdd(unit: number, field: number, value: number): void {
    Atomics.add(this.fields, unit * wordsPerUnit + field, value);
  }
}
