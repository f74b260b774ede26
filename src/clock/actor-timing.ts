import type { Policy } from './policy.ts';
import type { SpontaneousAction } from './spontaneous-actions.ts';

const never = Number.POSITIVE_INFINITY;

/** Where an actor stands in time, in nanoseconds. Every field has a value from the start, so that all actors are of one shape for V8. */
export class ActorTiming {
  /** it is busy until then with what it has taken */
  busyUntil = Number.NaN;
  /** what it does by itself where it is */
  plan: SpontaneousAction | undefined = undefined;
  /** when it begins its next step by itself, or never; when it began, once it has */
  startNs = never;
  /** when it begins to take the first of its messages, or never, and the event of delivery of that */
  takesMail = never;
  message = -1;
  /** when its next turn is, to begin a step or to take the one that it has begun */
  nextTurnNs = never;
  /** the event of the step that it has begun, or -1; its payload, who chose it, and what its first arrow costs */
  pendingEvent = -1;
  payload = 0;
  chooser: Policy | undefined = undefined;
  costNs = Number.NaN;
  /** the number of the step in which it moved last */
  lastMoved = 0;
  /** whether guards have refused all that it could do, so that it has to wait for somebody else's step */
  isRefused = false;

  /** @param isActive whether it ever has a turn; others, such as locks, only answer within the steps of others */
  constructor(
    readonly actor: number,
    readonly isActive: boolean,
  ) {
    // What first holds a number that is no integer is of one kind for V8 from then on, and actors stay of one shape.
    this.busyUntil = 0;
    this.costNs = 0;
  }
}
