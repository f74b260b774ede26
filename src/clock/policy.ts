/**
 * Times of a step, in nanoseconds. `ActorTiming` implements it: passing the two numbers would allocate them on the
 * heap.
 */
export interface StepInterval {
  readonly startNs: number;
  /** end of the step: the actor is busy until then */
  readonly busyUntilNs: number;
}

/**
 * Resolves the nondeterminism of the model: which of its events an actor takes next, with which payload, and when.
 * Every sequence of choices is a path of the state graph, so a policy cannot produce a run that the model checker does
 * not cover.
 * @example
 * // takes `event` once a millisecond
 * const policy = new Periodic(event, 1e6);
 */
export interface Policy {
  /** the event that `choose` selected, and its payload */
  event: number;
  payload: number;
  /** true if the actor occupies its processor until its next step; otherwise it sleeps */
  readonly computes?: boolean;
  /**
   * Returns the time of the next spontaneous step, in nanoseconds: at or after `readyNs`, when the actor is free, or
   * `Infinity` if it waits for a message.
   */
  nextTime(readyNs: number): number;
  /** Selects `event` and `payload`. Returns false to postpone: `nextTime` then has to return a later time. */
  choose(nowNs: number): boolean;
  /** Called after the chosen step was taken. */
  onTaken(when: StepInterval): void;
  /** Called if a guard refused the choice. Returns true after selecting an alternative. */
  onRefused(nowNs: number): boolean;
}

/**
 * Returns the policy of an actor in a state in which it has spontaneous events of these types; undefined if it needs
 * none, because it takes `STEP`. Called once per actor and state of its machine.
 */
export type PolicyProvider = (actor: number, types: readonly string[]) => Policy | undefined;
