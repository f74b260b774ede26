import type { Program } from '../compile/program.ts';
import type { Counter } from '../model/cells.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Policy, PolicyProvider } from './policy.ts';

/** What an actor does by itself in one of its states: nothing, where `event` is -1 and nobody chooses; its one event; or what the chooser says. */
export interface SpontaneousAction {
  readonly event: number;
  readonly chooser: Policy | undefined;
}

/** What each actor does by itself where it is. */
export class SpontaneousActions {
  /** by actor and leaf */
  private readonly known: readonly (SpontaneousAction | undefined)[][];
  private readonly locations: readonly Counter[];

  constructor(
    private readonly program: Program,
    private readonly environment: PolicyProvider,
  ) {
    this.known = program.instance.actors.map(({ leaves }) => leaves.map(() => undefined));
    this.locations = program.instance.actors.map(({ location }) => location);
  }

  /** @throws PrecopyError `BAD_DESIGN` where an actor has a choice that nobody makes */
  of(actor: number): SpontaneousAction {
    const known = this.known[actor];
    const leaf = this.locations[actor].get();
    known[leaf] ??= this.make(actor);
    return known[leaf];
  }

  private make(actor: number): SpontaneousAction {
    const { program } = this;
    const offers = program.enabledOf(actor);
    if (offers.length === 0) return { event: -1, chooser: undefined };
    const types = [...offers].map((event) => program.events[event]?.type as string);
    const chooser = this.environment(actor, types);
    if (chooser) return { event: -1, chooser };
    const step = types.indexOf('STEP');
    if (step >= 0) return { event: offers[step], chooser: undefined };
    throw new PrecopyError(
      'BAD_DESIGN',
      `nobody chooses for ${program.actors[actor]} between ${types.join(', ')}`,
      'the clock knows the events of the shipped machines; a new one needs a chooser',
    );
  }
}
