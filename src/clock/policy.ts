/** When a choice was taken, in nanoseconds: an actor has that, and numbers that are handed over one by one would have to be put on the heap. */
export interface StepInterval {
  /** when the actor began with it */
  readonly startNs: number;
  /** until when it keeps the actor busy */
  readonly busyUntil: number;
}

/**
 * Decides what the model leaves open: when a guest writes and where, which page QEMU sends next, when it asks for the log. It is the
 * environment of the model, as a workload is: whatever it chooses, the run is one of those that the explorer goes through.
 */
export interface Policy {
  /** the event that `choose` has settled on, and its payload */
  event: number;
  payload: number;
  /** whether the actor computes until it goes on, and keeps its processor; otherwise it sleeps */
  readonly computes?: boolean;
  /** When the actor, which is free from `readyNs` on, goes on by itself: at or after that, or never (`Infinity`) until a message comes. */
  nextTime(readyNs: number): number;
  /** Settles on what happens now. False: nothing after all, ask `due` again, which has to name a later time. */
  choose(nowNs: number): boolean;
  /** The choice was taken. */
  taken(when: StepInterval): void;
  /** A guard has refused the choice. True when there is another one to be tried at once. */
  refused(nowNs: number): boolean;
}

/**
 * Finds the chooser of an actor for a state in which it offers these events of its own, by their types. Undefined: it takes `STEP` where it
 * offers that, and has no choice.
 */
export type PolicyProvider = (actor: number, types: readonly string[]) => Policy | undefined;
