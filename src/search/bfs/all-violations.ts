import type { Program } from '../../compile/program.ts';
import type { Choice, ChoiceIds } from '../../model/choices.ts';
import { wellFormed } from '../../model/property.ts';
import type { SearchMemory } from './search-memory.ts';
import type { ViolationTally } from './violation-tally.ts';

/** A violated property, how often it is violated, and the first counterexample. */
export interface CountedViolation {
  /** id of the property; `well-formed` may occur twice, for steps that are faults and for states that are races */
  readonly property: string;
  readonly schedule: readonly Choice[];
  readonly fault: string | undefined;
  readonly count: number;
  /** what is counted: states that violate the property, or steps that are faults */
  readonly counted: 'states' | 'steps';
}

/** All that a search found that did not end with the first violation. */
export interface AllViolations {
  /** the first counterexample of each is a shortest one */
  readonly violations: readonly CountedViolation[];
  /** number of states without a successor */
  readonly terminalStates: number;
  /** number of those that a property forbids to be the last one */
  readonly deadlockedStates: number;
}

/** Sums the counts of all units, and keeps the first counterexample of each property. */
export class ViolationTotals {
  private readonly counts: number[];
  private readonly firsts: (Pick<CountedViolation, 'schedule' | 'fault'> | undefined)[] = [];

  constructor(
    private readonly program: Program,
    private readonly memory: SearchMemory,
    private readonly tally: ViolationTally,
    private readonly choices: ChoiceIds,
  ) {
    this.counts = new Array<number>(tally.slots.deadlocked + 1).fill(0);
  }

  /** Counts the invariants that the initial state violates. It is the current one. */
  addInitial(): void {
    const { program, counts, firsts } = this;
    for (let n = program.violated(); n >= 0; n = program.violated(n + 1)) {
      counts[n] = 1;
      firsts[n] = { schedule: [], fault: undefined };
    }
  }

  /** Adds the counts of a unit. Units come in order. */
  collect(unit: number): void {
    const { tally, counts, firsts } = this;
    for (let slot = 0; slot < counts.length; slot++) {
      const count = tally.count(unit, slot);
      if (count === 0) continue;
      if (counts[slot] === 0) firsts[slot] = this.firstOf(unit, slot);
      counts[slot] += count;
    }
  }

  get result(): AllViolations {
    const { counts, program } = this;
    const { faults, races, terminal, deadlocked } = this.tally.slots;
    const violations = [...program.properties.map(({ id }) => id), wellFormed, wellFormed].flatMap((property, slot) => {
      const first = this.firsts[slot];
      const counted = slot === faults ? 'steps' : 'states';
      return first && slot <= races ? [{ property, ...first, count: counts[slot], counted } as const] : [];
    });
    const byLength = violations.sort((one, other) => one.schedule.length - other.schedule.length);
    return { violations: byLength, terminalStates: counts[terminal], deadlockedStates: counts[deadlocked] };
  }

  private firstOf(unit: number, slot: number): Pick<CountedViolation, 'schedule' | 'fault'> {
    const { program, memory, tally, choices } = this;
    const { frontier, predecessors, block } = memory;
    const { slots } = tally;
    const place = tally.firstPlace(unit, slot);
    const firstParent = block.firstParent[unit];
    const isParent = slot >= slots.races || program.properties[slot]?.kind === 'deadlock';
    if (isParent) {
      const state = firstParent + place;
      frontier.load(state, program.state);
      return { schedule: this.scheduleTo(state), fault: slot === slots.races ? program.ownedRace() : undefined };
    }
    const { parent, choice } = predecessors.decode(firstParent, place);
    const last = choices.choiceOf(choice);
    const schedule = [...this.scheduleTo(parent), last];
    if (slot !== slots.faults) return { schedule, fault: undefined };
    frontier.load(parent, program.state);
    program.step(last.event, last.payload);
    return { schedule, fault: program.fault() };
  }

  private scheduleTo(state: number): Choice[] {
    return this.memory.predecessors.pathTo(state).map((choice) => this.choices.choiceOf(choice));
  }
}
