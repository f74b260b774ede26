import type { Policy } from './policy.ts';
import type { SpontaneousAction } from './spontaneous-actions.ts';

/** Time of an event that is not scheduled. */
export const never = Number.POSITIVE_INFINITY;

/**
 * Times of one actor, in simulated nanoseconds. Every field is set in the constructor: V8 then has one hidden class for
 * all actors.
 */
export class ActorTiming {
  readonly actor: number;
  /** false for actors such as locks, which never start a step and only react within the steps of others */
  readonly isActive: boolean;
  /** end of the step that the actor took last */
  busyUntilNs = Number.NaN;
  /** what the actor does on its own in its current state */
  spontaneous: SpontaneousAction | undefined = undefined;
  /** start of the next spontaneous step, or `never`; of the pending step, while there is one */
  startNs = never;
  /** when the actor takes its first message, or `never`; and the id of its delivery event */
  deliveryNs = never;
  deliveryEvent = -1;
  /** next turn of the actor: to begin a step, or to complete the pending one */
  nextTurnNs = never;
  /** id of the event whose step was begun and not completed, or -1; its payload, and the policy that chose it */
  pendingEvent = -1;
  payload = 0;
  policy: Policy | undefined = undefined;
  /** cost of the first transition of the pending step; NaN until it is computed */
  costNs = Number.NaN;
  /** number of the last step in which the actor moved */
  lastStep = 0;
  /** true if guards refused every alternative: the actor waits for a step of another actor */
  isBlocked = false;

  constructor({ actor, isActive }: { readonly actor: number; readonly isActive: boolean }) {
    this.actor = actor;
    this.isActive = isActive;
    // A field that was NaN first is stored as a double from then on, so later fractions do not change the hidden class.
    this.busyUntilNs = 0;
    this.costNs = 0;
  }
}
