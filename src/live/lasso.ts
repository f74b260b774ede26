import type { Choice } from '../model/choices.ts';
import { type FairnessAssumption, fairnessAssumptionsOf, includesChoice } from '../model/fairness.ts';
import type { LeadsTo, Property } from '../model/property.ts';
import type { Trace } from '../model/trace.ts';
import type { LiveSystem } from './live-system.ts';

/** A `leadsTo`, said of one actor or of the system as a whole, and how the run has dealt with it so far. */
interface Watched {
  readonly property: LeadsTo;
  readonly actor: number;
  readonly demands: readonly FairnessAssumption[];
  /** by demand: in how many of the states that are repeated it is raised, and whether a choice there meets it */
  readonly raised: number[];
  readonly met: boolean[];
  /** the state, counted from 0, since when something is owed */
  owedSince: number | undefined;
  lastGiven: number;
}

/** Looks on while live actors take a run without an end, and says what that run never comes to. */
export class LassoMonitor {
  private readonly watched: readonly Watched[];
  private states = 0;
  private repeated = 0;

  constructor(private readonly live: LiveSystem) {
    const { design, view } = live.instance;
    this.watched = (design.properties as readonly Property[])
      .filter((property) => property.kind === 'leads-to')
      .flatMap((property) => {
        const demands = fairnessAssumptionsOf(live.events, property);
        return property.actors(view['actors'] as never).map((actor) => ({
          property,
          actor,
          demands,
          raised: demands.map(() => 0),
          met: demands.map(() => false),
          owedSince: undefined,
          lastGiven: -1,
        }));
      });
  }

  /** The run has come to its next state. */
  recordState(): void {
    const view = this.live.instance.view as never;
    for (const watched of this.watched) {
      const { property, actor } = watched;
      if (property.to(view, actor)) {
        watched.lastGiven = this.states;
        watched.owedSince = undefined;
      } else if (property.from(view, actor)) watched.owedSince ??= this.states;
    }
    this.states++;
  }

  /** The current state comes again and again; `taken` is what is done there, if anything is. */
  recordCycleState(taken: Choice | undefined): void {
    const view = this.live.instance.view as never;
    const enabled = this.live.enabled();
    this.repeated++;
    for (const { demands, raised, met } of this.watched) {
      demands.forEach((demand, d) => {
        const asks = ({ event, payload }: Choice): boolean => includesChoice(demand, event, payload);
        if (!enabled.some(asks) || demand.when?.(view) === false) return;
        raised[d] = (raised[d] as number) + 1;
        if (taken && asks(taken)) met[d] = true;
      });
    }
  }

  /** The first property that breaks if the last choices, after the first `stem` ones, are repeated for ever. */
  violation(stem: number, cycle: readonly Choice[]): Trace['violation'] {
    const found = this.watched.find(
      (one) => one.owedSince !== undefined && one.lastGiven < stem && this.isFair(one) && this.mayEnd(one, cycle),
    );
    if (!found) return undefined;
    const { property, actor, owedSince } = found;
    const since = owedSince === 0 ? 'from the beginning' : `since step ${owedSince}`;
    const whom = actor < 0 ? '' : ` to ${this.live.instance.actors[actor]?.name}`;
    return { property: property.id, description: property.description, detail: `owed${whom} ${since}` };
  }

  private isFair({ demands, raised, met }: Watched): boolean {
    return demands.every(({ strong }, d) => met[d] || (raised[d] as number) < (strong ? 1 : this.repeated));
  }

  /** Whether nothing is repeated that the property takes to happen finitely often. */
  private mayEnd({ property: { finitely = [] } }: Watched, cycle: readonly Choice[]): boolean {
    return cycle.every(({ event }) => !finitely.includes(this.live.events[event]?.type as string));
  }
}
