import type { Program } from '../../compile/program.ts';
import { wellFormed } from '../../model/property.ts';
import type { Choice, ChoiceIds } from '../../model/schedule.ts';
import { type SearchMemory, UnitField } from './search-memory.ts';

/** A property, and a schedule that breaks it. */
export interface Violation {
  readonly property: string;
  readonly schedule: readonly Choice[];
  /** what went wrong, where the property is `well-formed` */
  readonly fault: string | undefined;
}

/** What the states of a level were found to break: of each kind the first, in the order of parents and choices. */
export class FirstViolation {
  /** a state in which nothing can happen; it comes first, as it is one step less away */
  deadlock: Violation | undefined;
  broken: Violation | undefined;
  /** the id of the property that says where the system may stop */
  private readonly deadlockProperty: string | undefined;

  constructor(
    private readonly program: Program,
    private readonly workspace: SearchMemory,
    private readonly choices: ChoiceIds,
  ) {
    this.deadlockProperty = program.properties.find(({ kind }) => kind === 'deadlock')?.id;
  }

  get first(): Violation | undefined {
    return this.deadlock ?? this.broken;
  }

  /** Enters what a unit found. Units come in order. */
  collect(unit: number): void {
    const { workspace } = this;
    const firstParent = workspace.firstParent[unit];
    const stuck = workspace.unit(unit, UnitField.deadlock);
    if (stuck >= 0 && !this.deadlock) {
      const schedule = this.scheduleTo(firstParent + stuck);
      this.deadlock = { property: this.deadlockProperty as string, schedule, fault: undefined };
    }
    this.broken ??= this.brokenIn(unit, firstParent);
  }

  /** What the current state breaks, which this schedule leads to. */
  invariantViolation(invariant: number, schedule: readonly Choice[]): Violation {
    return { property: this.program.properties[invariant]?.id as string, schedule, fault: undefined };
  }

  private brokenIn(unit: number, firstParent: number): Violation | undefined {
    const { workspace, program, choices } = this;
    const fault = workspace.unit(unit, UnitField.fault);
    const broken = workspace.unit(unit, UnitField.broken);
    if (fault < 0 && broken < 0) return undefined;
    const isFault = broken < 0 || (fault >= 0 && fault < broken);
    const { parent, choice } = workspace.origins.decode(firstParent, isFault ? fault : broken);
    const last = choices.choiceOf(choice);
    const schedule = [...this.scheduleTo(parent), last];
    if (!isFault) return this.invariantViolation(workspace.unit(unit, UnitField.invariant), schedule);
    workspace.frontier.load(parent, program.state);
    program.step(last.event, last.payload);
    return { property: wellFormed, schedule, fault: program.fault() };
  }

  private scheduleTo(state: number): Choice[] {
    return this.workspace.origins.pathTo(state).map((choice) => this.choices.choiceOf(choice));
  }
}
