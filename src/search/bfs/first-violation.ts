import type { Program } from '../../compile/program.ts';
import type { Choice, ChoiceIds } from '../../model/choices.ts';
import { wellFormed } from '../../model/property.ts';
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
  /** the first fault or violated invariant */
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

  /** Returns the violation of an invariant by the state that a schedule leads to. */
  invariantViolation(invariant: number, schedule: readonly Choice[]): Violation {
    return { property: this.program.properties[invariant].id, schedule, fault: undefined };
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
    const fault = block.get(unit, UnitField.fault);
    const broken = block.get(unit, UnitField.broken);
    if (fault < 0 && broken < 0) return undefined;
    const isFault = broken < 0 || (fault >= 0 && fault < broken);
    const { parent, choice } = predecessors.decode(firstParent, isFault ? fault : broken);
    const last = choices.choiceOf(choice);
    const schedule = [...this.scheduleTo(parent), last];
    if (!isFault) return this.invariantViolation(block.get(unit, UnitField.invariant), schedule);
    frontier.load(parent, program.state);
    program.step(last.event, last.payload);
    return { property: wellFormed, schedule, fault: program.fault() };
  }

  private scheduleTo(state: number): Choice[] {
    return this.memory.predecessors.pathTo(state).map((choice) => this.choices.choiceOf(choice));
  }
}
