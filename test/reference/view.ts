import { Evaluator } from './evaluator.ts';
import type { Value } from './operation.ts';
import type { CellReference, Expression, Operand, PropertySpecification } from './specification.ts';
import type { Cell, State, System } from './system.ts';
import { operate } from './values.ts';

/** The step that led to a state, as covers see it. */
export interface TakenStep {
  readonly actor: number;
  readonly actions: readonly string[];
  readonly payload: number;
}

/** Returns whether an expression of a property holds in a state. Properties see memory without the stores that wait. */
export function holdsIn(
  system: System,
  state: State,
  what: Expression,
  { theActor = -1, step }: { readonly theActor?: number; readonly step?: TakenStep } = {},
): boolean {
  return new View(system, state, theActor, step).evaluate(what) !== 0;
}

class View extends Evaluator {
  constructor(
    system: System,
    private readonly state: State,
    private readonly theActor: number,
    private readonly step: TakenStep | undefined,
  ) {
    super(system);
  }

  protected leaf(leaf: Extract<Expression, object>): number {
    const { state, system, step } = this;
    if ('tagged' in leaf) return Number(this.hasTag(this.evaluate(leaf.actor), leaf.tagged));
    if ('tagCount' in leaf) return state.at.filter((_, actor) => this.hasTag(actor, leaf.tagCount)).length;
    if ('posted' in leaf) {
      const start = `${this.evaluate(leaf.actor)} ${leaf.posted} `;
      return Number(state.mail.some((letter) => letter.startsWith(start)));
    }
    if ('drained' in leaf) return Number(state.buffers.every(({ length }) => length === 0));
    if ('the' in leaf) return this.theActor;
    if ('id' in leaf && leaf.id === 'nobody') return system.actors.length;
    if ('step' in leaf) return step?.[leaf.step] as number;
    if ('ran' in leaf) return Number(step?.actions.includes(leaf.ran));
    throw new Error(`no expression of a property: ${JSON.stringify(leaf)}`);
  }

  protected call(on: CellReference, operation: string, args: readonly Operand[]): number {
    const seen = (reference: CellReference): Value => this.state.cells[this.find(reference)] as Value;
    const given = args.map((arg) => ('value' in arg ? this.evaluate(arg.value) : { value: seen(arg.cell) }));
    const { type } = this.system.cells[this.find(on)] as Cell;
    return operate(type, seen(on), operation, given).result;
  }

  private find = (reference: CellReference): number => this.system.find(reference, -1, this);

  private hasTag(actor: number, tag: string): boolean {
    return this.system.actors[actor]?.chart.tagsOf(this.state.at[actor] as string).includes(tag) === true;
  }
}

/** Returns whether a property speaks of steps rather than of states. */
export const speaksOfSteps = (property: PropertySpecification): boolean =>
  property.kind === 'reachable' && /"(step|ran)":/.test(JSON.stringify(property.what));
