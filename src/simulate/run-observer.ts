import type { SimulatorObserver } from '../clock/observer.ts';
import type { Round } from './results.ts';

/**
 * Receives the events of a simulation run of KVM and QEMU as they happen.
 * @example
 * const observer: RunObserver = { roundEnded: ({ dirtyPages }) => console.log(dirtyPages) };
 */
export interface RunObserver extends SimulatorObserver {
  /** GET_DIRTY_LOG returned and QEMU merged the log. */
  roundEnded?(round: Round): void;
}

/** Combines observers: each event goes to all of them, in order. */
export function combineObservers(all: readonly RunObserver[]): RunObserver {
  const withHandler = <K extends keyof RunObserver>(event: K): readonly RunObserver[] =>
    all.filter((one) => one[event]);
  const [steps, requests, grants, releases] = [
    withHandler('step'),
    withHandler('lockRequested'),
    withHandler('lockGranted'),
    withHandler('lockReleased'),
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
