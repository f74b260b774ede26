import type { Program } from '../compile/program.ts';
import { wellFormed } from '../model/property.ts';
import type { Choice, ChoiceNumbers } from '../model/schedule.ts';
import { Unit, type Workspace } from './workspace.ts';

/** A property, and a schedule that breaks it. */
export interface Violation {
  readonly property: string;
  readonly schedule: readonly Choice[];
  /** what went wrong, where the property is `well-formed` */
  readonly fault: string | undefined;
}

/** What the states of a level were found to break: of each kind the first, in the order of parents and choices. */
export class Violations {
  /** a state in which nothing can happen; it comes first, as it is one step less away */
  stuck: Violation | undefined;
  broken: Violation | undefined;
  /** the id of the property that says where the system may stop */
  private readonly deadlock: string | undefined;

  constructor(
    private readonly program: Program,
    private readonly workspace: Workspace,
    private readonly choices: ChoiceNumbers,
  ) {
    this.deadlock = program.properties.find(({ kind }) => kind === 'deadlock')?.id;
  }

  get first(): Violation | undefined {
    return this.stuck ?? this.broken;
  }

  /** Enters what a unit found. Units come in order. */
  enter(unit: number): void {
    const { workspace } = this;
    const firstParent = workspace.firstParent[unit] as number;
    const stuck = workspace.unit(unit, Unit.stuck);
    if (stuck >= 0 && !this.stuck) {
      const schedule = this.scheduleTo(firstParent + stuck);
      this.stuck = { property: this.deadlock as string, schedule, fault: undefined };
    }
    this.broken ??= this.brokenIn(unit, firstParent);
  }

  /** What the current state breaks, which this schedule leads to. */
  breaks(invariant: number, schedule: readonly Choice[]): Violation {
    return { property: this.program.properties[invariant]?.id as string, schedule, fault: undefined };
  }

  private brokenIn(unit: number, firstParent: number): Violation | undefined {
    const { workspace, program, choices } = this;
    const fault = workspace.unit(unit, Unit.fault);
    const broken = workspace.unit(unit, Unit.broken);
    if (fault < 0 && broken < 0) return undefined;
    const isFault = broken < 0 || (fault >= 0 && fault < broken);
    const { parent, choice } = workspace.origins.decode(firstParent, isFault ? fault : broken);
    const last = choices.choiceOf(choice);
    const schedule = [...this.scheduleTo(parent), last];
    if (!isFault) return this.breaks(workspace.unit(unit, Unit.invariant), schedule);
    workspace.frontier.load(parent, program.state);
    program.step(last.event, last.payload);
    return { property: wellFormed, schedule, fault: program.fault() };
  }

  private scheduleTo(state: number): Choice[] {
    return this.workspace.origins.choicesTo(state).map((choice) => this.choices.choiceOf(choice));
  }
}
