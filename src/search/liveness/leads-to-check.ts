import type { Program } from '../../compile/program.ts';
import { PrecopyError } from '../../model/errors.ts';
import { asksFor, type Demand, demandsOf } from '../../model/fairness.ts';
import type { LeadsTo } from '../../model/property.ts';
import type { ChoiceIds } from '../../model/schedule.ts';
import { GrowableArray } from '../storage/growable-array.ts';
import { type FairCycleQuery, type Graph, StateLabel } from './state-graph.ts';

const mostPremises = 6;

/** One thing that has to come in the end: a `leadsTo`, said of one actor or of the system as a whole. */
export class LeadsToCheck {
  /** it came to the state that something has to follow; where it never does, the verdict is empty */
  isNonVacuous = false;
  private readonly marks = new GrowableArray(new Uint8Array(0));
  private readonly demands: readonly Demand[];
  private readonly premises: readonly ((view: never) => boolean)[];

  constructor(
    readonly property: LeadsTo,
    private readonly actor: number,
    private readonly program: Program,
  ) {
    this.demands = demandsOf(program.events, property);
    this.premises = [...new Set(this.demands.flatMap(({ when }) => (when ? [when] : [])))];
    if (this.premises.length > mostPremises) {
      throw new PrecopyError(
        'BAD_DESIGN',
        `${property.id} has ${this.premises.length} strong premises with a condition, more than ${mostPremises}`,
        'let several of them share a condition',
      );
    }
  }

  /** Notes what the current state, the next one by number, means for it. */
  observe(): void {
    const { property, actor, premises } = this;
    const view = this.program.instance.view as never;
    let mark = 0;
    const isOwed = property.from(view, actor);
    if (isOwed) this.isNonVacuous = true;
    if (!property.to(view, actor)) mark = isOwed ? StateLabel.open | StateLabel.owed : StateLabel.open;
    for (let n = 0; n < premises.length; n++) if (premises[n]?.(view)) mark |= StateLabel.firstPremise << n;
    this.marks.push(mark);
  }

  /** What is asked of the graph of all states. */
  fairCycleQuery(graph: Graph, choices: ChoiceIds): FairCycleQuery {
    const { events } = this.program;
    const { finitely = [] } = this.property;
    const demandsOf: number[][] = [];
    const allowedInfinitelyOften = new Uint8Array(choices.count);
    for (const { id, type, domain } of events) {
      const first = choices.firstOf(id);
      for (let payload = 0; payload < domain; payload++) {
        demandsOf.push(this.demands.flatMap((demand, d) => (asksFor(demand, id, payload) ? [d] : [])));
      }
      allowedInfinitelyOften.fill(finitely.includes(type) ? 0 : 1, first, first + domain);
    }
    const demands = this.demands.map(({ strong, when }) => ({
      strong,
      mark: when ? StateLabel.firstPremise << this.premises.indexOf(when) : 0,
    }));
    return { graph, marks: this.marks.values, demands, demandsOf, allowedInfinitelyOften };
  }

  get bytes(): number {
    return this.marks.bytes;
  }
}

/** All that the properties of a program oblige it to. */
export function obligationsOf(program: Program): LeadsToCheck[] {
  return program.properties.flatMap((property) =>
    property.kind === 'leads-to'
      ? property
          .actors(program.instance.view['actors'] as never)
          .map((actor) => new LeadsToCheck(property, actor, program))
      : [],
  );
}
