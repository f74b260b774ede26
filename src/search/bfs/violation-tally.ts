import { allocateShared } from '../storage/shared-buffer.ts';

/** What is counted besides the violations of each property; the slots follow those of the properties. */
const otherSlots = { faults: 0, races: 1, terminal: 2, deadlocked: 3 } as const;
const otherCount = 4;

/** The slots of a tally, for a number of properties: the nth one is that of the nth property. */
export interface TallySlots {
  /** steps that are faults */
  readonly faults: number;
  /** states that are races for owned memory */
  readonly races: number;
  /** states without a successor */
  readonly terminal: number;
  /** those of them that a property forbids to be the last one */
  readonly deadlocked: number;
}

const tallySlots = (properties: number): TallySlots => ({
  faults: properties + otherSlots.faults,
  races: properties + otherSlots.races,
  terminal: properties + otherSlots.terminal,
  deadlocked: properties + otherSlots.deadlocked,
});

/**
 * Counts violations by unit of a block, in memory that workers share: a unit is counted by the worker that expands it.
 * Each slot has the number of violations, and where the first of them is.
 */
export class ViolationTally {
  readonly slots: TallySlots;
  private readonly words: Int32Array;
  private readonly wordsPerUnit: number;

  static reserve(properties: number, units: number): SharedArrayBuffer {
    return allocateShared(4 * 2 * (properties + otherCount) * units);
  }

  constructor(memory: SharedArrayBuffer, properties: number) {
    this.slots = tallySlots(properties);
    this.words = new Int32Array(memory);
    this.wordsPerUnit = 2 * (properties + otherCount);
  }

  clear(unit: number): void {
    const { words, wordsPerUnit } = this;
    words.fill(0, unit * wordsPerUnit, (unit + 1) * wordsPerUnit);
  }

  /** @param place a predecessor code for a step or the state that it leads to; for a parent, its rank in the unit */
  add(unit: number, slot: number, place: number): void {
    const { words } = this;
    const at = unit * this.wordsPerUnit + 2 * slot;
    if (words[at] === 0) words[at + 1] = place;
    words[at] = words[at] + 1;
  }

  count(unit: number, slot: number): number {
    return this.words[unit * this.wordsPerUnit + 2 * slot];
  }

  /** Returns the place of the first violation. There is one. */
  firstPlace(unit: number, slot: number): number {
    return this.words[unit * this.wordsPerUnit + 2 * slot + 1];
  }
}
