import type { Program } from '../compile/program.ts';
import type { Counter } from '../model/counter.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Policy, PolicyProvider } from './policy.ts';

/** Type of the spontaneous event that an actor without a choice takes. */
const stepType = 'STEP';

/** What an actor does on its own in one state of its machine: follow `policy`, else take `event`, else (-1) nothing. */
export interface SpontaneousAction {
  readonly event: number;
  readonly policy: Policy | undefined;
}

/** Returns the id of a spontaneous event of an actor, or -1 if its machine has none of this type. */
export function findOwnEvent({ events }: Program, actor: number, type: string): number {
  return events.find((event) => event.actor === actor && event.type === type && event.domain > 0)?.id ?? -1;
}

/** Returns the id of the event that an actor takes where it has no choice, or -1. */
export function findStepEvent(program: Program, actor: number): number {
  return findOwnEvent(program, actor, stepType);
}

/** Spontaneous actions of all actors, computed once per state of a machine. */
export class SpontaneousActions {
  /** by actor and leaf state */
  private readonly known: readonly (SpontaneousAction | undefined)[][];
  private readonly locations: readonly Counter[];

  constructor(
    private readonly program: Program,
    private readonly policies: PolicyProvider,
  ) {
    this.known = program.instance.actors.map(({ leaves }) => leaves.map(() => undefined));
    this.locations = program.instance.actors.map(({ location }) => location);
  }

  /**
   * Returns the spontaneous action of an actor in its current state.
   * @throws PrecopyError `BAD_DESIGN` if the actor has a choice and no policy
   */
  of(actor: number): SpontaneousAction {
    const known = this.known[actor];
    const leaf = this.locations[actor].get();
    known[leaf] ??= this.make(actor);
    return known[leaf];
  }

  private make(actor: number): SpontaneousAction {
    const { program } = this;
    const enabled = program.enabledOf(actor);
    if (enabled.length === 0) return { event: -1, policy: undefined };
    const types = [...enabled].map((event) => program.events[event]?.type as string);
    const policy = this.policies(actor, types);
    if (policy) return { event: -1, policy };
    const step = types.indexOf(stepType);
    if (step >= 0) return { event: enabled[step], policy: undefined };
    throw new PrecopyError(
      'BAD_DESIGN',
      `the simulator has no policy for ${types.join(' and ')} of ${program.actors[actor]}`,
      'only check the design, or leave out the actor: of the writers, the simulator has a policy for vCPUs only',
    );
  }
}
