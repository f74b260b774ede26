import { Conditional, FirstEnabledPayload, Periodic } from '../clock/basic-policies.ts';
import type { Policy, PolicyProvider } from '../clock/policy.ts';
import { findOwnEvent, findStepEvent } from '../clock/spontaneous-actions.ts';
import type { Program } from '../compile/program.ts';
import { PrecopyError } from '../model/errors.ts';

/** GUI_REFRESH_INTERVAL_DEFAULT of QEMU: 30 ms. */
const guiRefreshNs = 30e6;

/**
 * Types of spontaneous events of the shipped machines: those that a policy here or the scheduler of processors chooses,
 * and rare ones that a simulation leaves out, such as `SWAP_OUT`. Writers besides vCPUs have no policy.
 */
const shippedEvents: ReadonlySet<string> = new Set([
  ...['STEP', 'WRITE', 'EVICT', 'EXIT', 'PREEMPT', 'SYNC', 'STOP', 'SEND', 'CLEAR', 'PASS_ENDS', 'REFRESH'],
  ...['MAKE_REQUEST', 'BREAK', 'EMULATED_WRITE', 'FIX_SLOWLY', 'ALLOCATION_FAILS', 'SWAP_OUT', 'TRACK', 'REMOVE'],
  ...['ANSWER', 'HINT', 'EXECUTE'],
]);

/** Policies of the actors that have a workload or settings. */
export interface KvmActorPolicies {
  /** by vCPU */
  readonly guests: readonly Policy[];
  /** the migration thread where it chooses what to send and when to synchronize the dirty log */
  readonly migration: Policy;
  /** the migration thread where it merges a log */
  readonly rounds: Policy;
  /** Returns true if an actor waits for `mmu_lock`, so that a scan yields it. */
  readonly isLockContended: () => boolean;
}

/**
 * Refuses a program with a spontaneous event of an extension, which would never happen.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function assertEventsHavePolicies(program: Program): void {
  const spontaneous = program.events.filter(
    ({ from, isDrain, domain }) => from === undefined && !isDrain && domain > 0,
  );
  const added = spontaneous.find(({ type }) => !shippedEvents.has(type));
  if (added === undefined) return;
  throw new PrecopyError(
    'BAD_DESIGN',
    `the simulator has no policy for ${added.type} of ${program.actors[added.actor]}, an event of an extension`,
    'it chooses events of the shipped machines only: use STEP and messages, or only check the design',
  );
}

/**
 * Returns the policies of all actors of KVM and QEMU, by the types of their spontaneous events.
 * @throws PrecopyError `BAD_DESIGN` for an event of an extension
 */
export function kvmPolicies(
  program: Program,
  { guests, migration, rounds, isLockContended }: KvmActorPolicies,
): PolicyProvider {
  assertEventsHavePolicies(program);
  const guestByActor = new Map(guests.map((guest, nth) => [program.actors.indexOf(`vcpu${nth}`), guest]));
  const migrationActor = program.actors.indexOf('migration');
  return (actor, types) => {
    const eventOf = (type: string): number => findOwnEvent(program, actor, type);
    if (types.includes('WRITE')) return guestByActor.get(actor);
    if (types.includes('SYNC') || types.includes('SEND')) return migration;
    if (actor === migrationActor && types.includes('STEP')) return rounds;
    // No workload says which pages are free, so the guest never sends a hint.
    if (types.includes('HINT')) return new Periodic(eventOf('HINT'), Number.POSITIVE_INFINITY);
    if (types.includes('REFRESH')) return new Periodic(eventOf('REFRESH'), guiRefreshNs);
    if (types.includes('MAKE_REQUEST')) return new FirstEnabledPayload(eventOf('MAKE_REQUEST'), guests.length);
    if (types.includes('BREAK')) {
      return new Conditional(findStepEvent(program, actor), eventOf('BREAK'), isLockContended);
    }
    return undefined;
  };
}
