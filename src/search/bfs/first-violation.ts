import type { Program } from '../../compile/program.ts';
import type { Choice, ChoiceIds } from '../../model/choices.ts';
import { goalsAmong, wellFormed } from '../../model/property.ts';
import { UnitField } from './block.ts';
import type { SearchMemory } from './search-memory.ts';

/** A violated property and the schedule that violates it. */
export interface Violation {
  readonly property: string;
  readonly schedule: readonly Choice[];
  /** reason of the fault if the property is `well-formed` */
  readonly fault: string | undefined;
}

/**
 * The first violation of a level, in the order of parents and choices. It is one of the shortest counterexamples, and
 * the same for any number of workers. A deadlock and a race for owned memory precede all others, as they are found when
 * a state is expanded: the schedule ends one step earlier.
 */
export class FirstViolation {
  /** the first deadlock, or race for owned memory */
  atParent: Violation | undefined;
  /** the first fault, violated invariant or goal */
  broken: Violation | undefined;

  constructor(
    private readonly program: Program,
    private readonly memory: SearchMemory,
    private readonly choices: ChoiceIds,
  ) {}

  get first(): Violation | undefined {
    return this.atParent ?? this.broken;
  }

  /** Collects the violations of a unit. Units come in order. */
  collect(unit: number): void {
    const { block } = this.memory;
    const firstParent = block.firstParent[unit];
    const parent = block.get(unit, UnitField.atParent);
    if (parent >= 0) this.atParent ??= this.violationAt(firstParent + parent);
    this.broken ??= this.brokenIn(unit, firstParent);
  }

  /** Returns the violation of an invariant, or the hit of a goal, that a schedule leads to. */
  violationOf(property: number, schedule: readonly Choice[]): Violation {
    return { property: this.program.properties[property].id, schedule, fault: undefined };
  }

  private violationAt(state: number): Violation {
    const { memory, program } = this;
    memory.frontier.load(state, program.state);
    const schedule = this.scheduleTo(state);
    const race = program.ownedRace();
    if (race !== undefined) return { property: wellFormed, schedule, fault: race };
    return { property: program.properties[program.violatedByDeadlock()].id, schedule, fault: undefined };
  }

  private brokenIn(unit: number, firstParent: number): Violation | undefined {
    const { memory, program, choices } = this;
    const { block, frontier, predecessors } = memory;
    const { fault, broken, goal } = UnitField;
    const found = [fault, broken, goal].filter((field) => block.get(unit, field) >= 0);
    if (found.length === 0) return undefined;
    const first = found.reduce((one, other) => (block.get(unit, other) < block.get(unit, one) ? other : one));
    const { parent, choice } = predecessors.decode(firstParent, block.get(unit, first));
    const last = choices.choiceOf(choice);
    const schedule = [...this.scheduleTo(parent), last];
    if (first === broken) return this.violationOf(block.get(unit, UnitField.invariant), schedule);
    if (first === goal) return this.violationOf(goalsAmong(program.properties)[0], schedule);
    frontier.load(parent, program.state);
    program.step(last.event, last.payload);
    return { property: wellFormed, schedule, fault: program.fault() };
  }

  private scheduleTo(state: number): Choice[] {
    return this.memory.predecessors.pathTo(state).map((choice) => this.choices.choiceOf(choice));
  }
}
