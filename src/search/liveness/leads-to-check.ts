import type { Program } from '../../compile/program.ts';
import type { ChoiceIds } from '../../model/choices.ts';
import { PrecopyError } from '../../model/errors.ts';
import { type FairnessAssumption, fairnessAssumptionsOf, includesChoice } from '../../model/fairness.ts';
import { actorsOf } from '../../model/leads-to-actors.ts';
import type { LeadsTo } from '../../model/property.ts';
import { type FairCycleQuery, StateLabel } from './fair-cycle-query.ts';

/** As many as the label of a state, 8 bits, has bits for. */
const maxPremises = 6;

/** The check of one leads-to property, for one actor or for the system as a whole. */
export class LeadsToCheck {
  private readonly assumptions: readonly FairnessAssumption[];
  /** distinct conditions of strong premises */
  private readonly premises: readonly ((view: never) => boolean)[];

  /**
   * @param actor id of the actor, or -1 for the system
   * @throws PrecopyError `BAD_DESIGN` if the property has too many strong premises with a condition
   */
  constructor(
    readonly property: LeadsTo,
    private readonly actor: number,
    private readonly program: Program,
  ) {
    this.assumptions = fairnessAssumptionsOf(program.events, property);
    this.premises = [...new Set(this.assumptions.flatMap(({ when }) => (when ? [when] : [])))];
    if (this.premises.length > maxPremises) {
      throw new PrecopyError(
        'BAD_DESIGN',
        `${property.id} has ${this.premises.length} strong premises with a condition, more than ${maxPremises}`,
        'let several of them share a condition',
      );
    }
  }

  /** Returns the label of a state: bits of `StateLabel`. */
  labelOf(view: never): number {
    const { property, actor, premises } = this;
    let label = 0;
    if (property.from(view, actor)) label |= StateLabel.from;
    if (!property.to(view, actor)) label |= StateLabel.unanswered;
    for (let n = 0; n < premises.length; n++) if (premises[n](view)) label |= StateLabel.firstPremise << n;
    return label;
  }

  /** Returns the query whose fair cycles violate the property. */
  fairCycleQuery(states: Pick<FairCycleQuery, 'graph' | 'classOf' | 'labelOf'>, choiceIds: ChoiceIds): FairCycleQuery {
    const { events } = this.program;
    const { finitely = [] } = this.property;
    const constraintsOf: number[][] = [];
    const allowedInfinitelyOften = new Uint8Array(choiceIds.count);
    for (const { id, type, domain } of events) {
      const first = choiceIds.firstOf(id);
      for (let payload = 0; payload < domain; payload++) {
        constraintsOf.push(this.assumptions.flatMap((assumed, c) => (includesChoice(assumed, id, payload) ? [c] : [])));
      }
      allowedInfinitelyOften.fill(finitely.includes(type) ? 0 : 1, first, first + domain);
    }
    const constraints = this.assumptions.map(({ strong, when }) => ({
      strong,
      label: when ? StateLabel.firstPremise << this.premises.indexOf(when) : 0,
    }));
    return { ...states, constraints, constraintsOf, allowedInfinitelyOften };
  }
}

/** Returns the checks of all leads-to properties of a program. */
export function leadsToChecks(program: Program): LeadsToCheck[] {
  return program.properties.flatMap((property) =>
    property.kind === 'leads-to'
      ? actorsOf(property, program.instance).map((actor) => new LeadsToCheck(property, actor, program))
      : [],
  );
}
