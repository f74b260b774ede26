/** One step of a run. `Program.microsteps` holds its microsteps for the duration of the call. */
export interface StepTaken {
  /** id of the actor that took the event */
  readonly actor: number;
  readonly event: number;
  readonly payload: number;
  /** start of the step: the actor begins to spend its cost */
  readonly fromNs: number;
  /** when the step took effect for other actors; steps are reported in the order of these times */
  readonly atNs: number;
  /** end of the step: the actor is free again */
  readonly toNs: number;
}

/**
 * Receives the events of a run as they happen. Times are simulated nanoseconds; actors are ids.
 * @example
 * const observer: SimulatorObserver = {
 *   lockGranted: (lock, actor, atNs) => console.log(`${atNs}: actor ${actor} holds ${lock}`),
 * };
 */
export interface SimulatorObserver {
  step?(step: StepTaken): void;
  lockRequested?(lock: string, actor: number, atNs: number): void;
  lockGranted?(lock: string, actor: number, atNs: number): void;
  lockReleased?(lock: string, actor: number, atNs: number): void;
  /** A message was posted and arrives at `arrivesNs`. Its receiver takes it when it is free. */
  messageSent?(type: string, from: number, to: number, atNs: number, arrivesNs: number): void;
  messageTaken?(type: string, from: number, to: number, atNs: number): void;
}
