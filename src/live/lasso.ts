import type { Choice } from '../model/choices.ts';
import { type FairnessAssumption, fairnessAssumptionsOf, includesChoice } from '../model/fairness.ts';
import { actorsOf } from '../model/leads-to-actors.ts';
import type { LeadsTo, Property } from '../model/property.ts';
import type { Trace } from '../model/trace.ts';
import type { LiveSystem } from './live-system.ts';

/** A `leadsTo` property of an actor or of the system, with what the run has shown of it. */
interface MonitoredProperty {
  readonly property: LeadsTo;
  readonly actor: number;
  readonly assumptions: readonly FairnessAssumption[];
  /** by assumption: number of states of the cycle in which one of its choices is enabled */
  readonly enabledIn: number[];
  /** by assumption: whether the cycle takes one of its choices */
  readonly isTaken: boolean[];
  /** index of the first state with `from` that no state with `to` has followed; undefined if there is none */
  pendingSince: number | undefined;
  /** index of the last state with `to`; -1 if there is none */
  lastAnswered: number;
}

/** Monitors the `leadsTo` properties of a lasso: a run of live actors whose last steps repeat for ever. */
export class LassoMonitor {
  private readonly monitored: readonly MonitoredProperty[];
  private states = 0;
  private repeated = 0;

  constructor(private readonly live: LiveSystem) {
    const { design } = live.instance;
    this.monitored = (design.properties as readonly Property[])
      .filter((property) => property.kind === 'leads-to')
      .flatMap((property) => {
        const assumptions = fairnessAssumptionsOf(live.events, property);
        return actorsOf(property, live.instance).map((actor) => ({
          property,
          actor,
          assumptions,
          enabledIn: assumptions.map(() => 0),
          isTaken: assumptions.map(() => false),
          pendingSince: undefined,
          lastAnswered: -1,
        }));
      });
  }

  /** Records the current state, the next one of the run. */
  recordState(): void {
    const view = this.live.instance.view as never;
    for (const monitored of this.monitored) {
      const { property, actor } = monitored;
      if (property.to(view, actor)) {
        monitored.lastAnswered = this.states;
        monitored.pendingSince = undefined;
      } else if (property.from(view, actor)) monitored.pendingSince ??= this.states;
    }
    this.states++;
  }

  /** Records the current state as one of the cycle, with the choice that is taken in it, if any. */
  recordCycleState(taken: Choice | undefined): void {
    const view = this.live.instance.view as never;
    const enabled = this.live.enabled();
    this.repeated++;
    for (const { assumptions, enabledIn, isTaken } of this.monitored) {
      assumptions.forEach((assumption, d) => {
        const isIncluded = ({ event, payload }: Choice): boolean => includesChoice(assumption, event, payload);
        if (!enabled.some(isIncluded) || assumption.when?.(view) === false) return;
        enabledIn[d] = (enabledIn[d] as number) + 1;
        if (taken && isIncluded(taken)) isTaken[d] = true;
      });
    }
  }

  /** Returns the first property that the run violates if `cycle`, after the first `stem` choices, repeats for ever. */
  violation(stem: number, cycle: readonly Choice[]): Trace['violation'] {
    const found = this.monitored.find(
      (one) =>
        one.pendingSince !== undefined && one.lastAnswered < stem && this.isFair(one) && this.isFinite(one, cycle),
    );
    if (!found) return undefined;
    const { property, actor, pendingSince } = found;
    const since = pendingSince === 0 ? 'from the beginning' : `since step ${pendingSince}`;
    const whom = actor < 0 ? '' : ` for ${this.live.instance.actors[actor]?.name}`;
    return { property: property.id, description: property.description, detail: `unanswered${whom} ${since}` };
  }

  private isFair({ assumptions, enabledIn, isTaken }: MonitoredProperty): boolean {
    return assumptions.every(({ strong }, d) => isTaken[d] || (enabledIn[d] as number) < (strong ? 1 : this.repeated));
  }

  /** Returns whether the cycle takes no event that the property assumes to happen only finitely often. */
  private isFinite({ property: { finitely = [] } }: MonitoredProperty, cycle: readonly Choice[]): boolean {
    return cycle.every(({ event }) => !finitely.includes(this.live.events[event]?.type as string));
  }
}
