import { type FairCycleQuery, StateLabel } from './state-graph.ts';
import { TarjanScc } from './tarjan-scc.ts';

/** Memory that the search takes while it runs: of Tarjan's algorithm, of the parts that wait, and of the fair states found. */
export const bytesPerStateOfCycleSearch = 7 * 4 + 2 * 4 + 1 + 4;

/** Components in which a fair run can stay for ever while something is owed. */
export interface FairComponents {
  /** by state: the number of its fair component, or 0 */
  readonly number: Uint32Array;
  readonly count: number;
}

/**
 * Finds every component of the states where something is owed that holds a fair run. A state may be stayed in for ever, as in TLA+: a
 * component of one state and no edge is a run where nothing happens any more. Where a strong demand is not met inside a component, the
 * states that raise it are taken out, and what is left falls into smaller components (E. Emerson and C.-L. Lei, 1987).
 */
export function fairComponents(question: FairCycleQuery): FairComponents {
  return new Search(question).run();
}

class Search {
  private readonly components: TarjanScc;
  private readonly fair: Uint32Array;
  private readonly waiting: Uint32Array[];
  private count = 0;
  /** by demand: in how many states of the component it is raised, the last of them, and whether it is met there */
  private readonly raised: Uint32Array;
  private readonly raisedLast: Int32Array;
  private readonly met: Uint8Array;

  constructor(private readonly question: FairCycleQuery) {
    const { graph, demands } = question;
    this.components = new TarjanScc(question);
    this.fair = new Uint32Array(graph.states);
    this.waiting = [owedStates(question)];
    this.raised = new Uint32Array(demands.length);
    this.raisedLast = new Int32Array(demands.length);
    this.met = new Uint8Array(demands.length);
  }

  run(): FairComponents {
    for (let part = this.waiting.pop(); part; part = this.waiting.pop()) {
      this.components.of(part, (component, number) => this.classify(component, number));
    }
    return { number: this.fair, count: this.count };
  }

  private classify(component: Uint32Array, number: number): void {
    const { demands } = this.question;
    this.countDemands(component, number);
    const unmet = demands.flatMap(({ strong }, d) =>
      this.met[d] === 0 && this.raised[d] >= (strong ? 1 : component.length) ? [d] : [],
    );
    if (unmet.length === 0) {
      for (const state of component) this.fair[state] = number;
      this.count++;
    } else if (unmet.every((d) => demands[d].strong)) {
      const rest = component.filter((state) => !unmet.some((d) => this.raises(state, d)));
      if (rest.length > 0) this.waiting.push(rest);
    }
  }

  /** Counts which demands are raised and met in a component. */
  private countDemands(component: Uint32Array, number: number): void {
    const { raised, raisedLast, met, components } = this;
    const { graph, marks, demands, demandsOf, allowedInfinitelyOften } = this.question;
    const { first, target, choice } = graph;
    raised.fill(0);
    raisedLast.fill(-1);
    met.fill(0);
    for (const state of component) {
      for (let edge = first[state]; edge < first[state + 1]; edge++) {
        const taken = choice[edge];
        const inside = allowedInfinitelyOften[taken] === 1 && components.componentOf[target[edge]] === number;
        for (const d of demandsOf[taken]) {
          const { mark } = demands[d];
          if (mark !== 0 && (marks[state] & mark) === 0) continue;
          if (raisedLast[d] !== state) raised[d] = raised[d] + 1;
          raisedLast[d] = state;
          if (inside) met[d] = 1;
        }
      }
    }
  }

  private raises(state: number, demand: number): boolean {
    const { graph, marks, demands, demandsOf } = this.question;
    const { mark } = demands[demand];
    if (mark !== 0 && (marks[state] & mark) === 0) return false;
    for (let edge = graph.first[state]; edge < graph.first[state + 1]; edge++) {
      if (demandsOf[graph.choice[edge]]?.includes(demand)) return true;
    }
    return false;
  }
}

/** The states that can be reached with something owed and never given since. */
function owedStates({ graph, marks }: FairCycleQuery): Uint32Array {
  const { states, first, target } = graph;
  const owed = new Uint32Array(states);
  const isOwed = new Uint8Array(states);
  let length = 0;
  const add = (state: number): void => {
    isOwed[state] = 1;
    owed[length++] = state;
  };
  for (let state = 0; state < states; state++) if (marks[state] & StateLabel.owed) add(state);
  for (let n = 0; n < length; n++) {
    const state = owed[n];
    for (let edge = first[state]; edge < first[state + 1]; edge++) {
      const next = target[edge];
      if (isOwed[next] === 0 && marks[next] & StateLabel.open) add(next);
    }
  }
  return owed.subarray(0, length);
}
