import type { Round } from '../simulate/results.ts';

/** One step of a run. The arrays of moves in `Program.moves` tell what it consisted of; they are valid during the call. */
export interface StepTaken {
  /** number of the actor that took the event */
  readonly actor: number;
  readonly event: number;
  readonly payload: number;
  /** when the actor began to pay for it */
  readonly fromNs: number;
  /** when it was taken, so that others could see it: steps come in the order of these times */
  readonly atNs: number;
  /** when the actor was done with it */
  readonly toNs: number;
}

/** Gets what happens in a run, as it happens: from this traces, timelines and test oracles are made. Times are simulated nanoseconds. */
export interface ClockObserver {
  step?(step: StepTaken): void;
  /** An actor asks for a lock. */
  lockRequested?(lock: string, actor: number, atNs: number): void;
  lockGranted?(lock: string, actor: number, atNs: number): void;
  lockReleased?(lock: string, actor: number, atNs: number): void;
  /** A posted message was sent, and will be there at `arrivesNs`; it is taken when its receiver has time. */
  messageSent?(type: string, from: number, to: number, atNs: number, arrivesNs: number): void;
  messageTaken?(type: string, from: number, to: number, atNs: number): void;
  /** A call of GET_DIRTY_LOG has returned and its log is merged. */
  roundEnded?(round: Round): void;
}

/** Several observers as one. */
export function combineObservers(all: readonly ClockObserver[]): ClockObserver {
  const those = <K extends keyof ClockObserver>(kind: K): readonly ClockObserver[] => all.filter((one) => one[kind]);
  const [steps, requests, grants, releases] = [
    those('step'),
    those('lockRequested'),
    those('lockGranted'),
    those('lockReleased'),
  ];
  return {
    ...(steps.length > 0 && { step: (step) => steps.forEach((one) => void one.step?.(step)) }),
    lockRequested: (...args) => requests.forEach((one) => void one.lockRequested?.(...args)),
    lockGranted: (...args) => grants.forEach((one) => void one.lockGranted?.(...args)),
    lockReleased: (...args) => releases.forEach((one) => void one.lockReleased?.(...args)),
    messageSent: (...args) => all.forEach((one) => void one.messageSent?.(...args)),
    messageTaken: (...args) => all.forEach((one) => void one.messageTaken?.(...args)),
    roundEnded: (round) => all.forEach((one) => void one.roundEnded?.(round)),
  };
}
