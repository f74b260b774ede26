import { Conditional, FirstEnabledPayload, Periodic } from '../clock/basic-policies.ts';
import type { Policy, PolicyProvider } from '../clock/policy.ts';
import type { Program } from '../compile/program.ts';

/** GUI_REFRESH_INTERVAL_DEFAULT of QEMU, 30 ms */
const guiRefreshNs = 30e6;

/**
 * Who chooses for each actor of KVM and QEMU, by the events that it offers.
 * @param guests by the number of the vCPU
 * @param migration chooses for QEMU's thread what to send and when to take the log
 * @param rounds takes its steps
 * @param isLockWaitedFor whether somebody waits for `mmu_lock`, so that a scan takes a break
 */
export function kvmPolicies(
  program: Program,
  guests: readonly Policy[],
  migration: Policy,
  rounds: Policy,
  isLockWaitedFor: () => boolean,
): PolicyProvider {
  const byActor = new Map(guests.map((guest, nth) => [program.actors.indexOf(`vcpu${nth}`), guest]));
  const migrationActor = program.actors.indexOf('migration');
  return (actor, types) => {
    if (types.includes('WRITE')) return byActor.get(actor);
    if (types.includes('SYNC') || types.includes('SEND')) return migration;
    if (actor === migrationActor && types.includes('STEP')) return rounds;
    // No workload says which pages are free, so the guest names none.
    if (types.includes('HINT')) return new Periodic(findOwnEvent(program, actor, 'HINT'), Number.POSITIVE_INFINITY);
    if (types.includes('REFRESH')) return new Periodic(findOwnEvent(program, actor, 'REFRESH'), guiRefreshNs);
    if (types.includes('MAKE_REQUEST')) {
      return new FirstEnabledPayload(findOwnEvent(program, actor, 'MAKE_REQUEST'), guests.length);
    }
    if (types.includes('BREAK')) {
      return new Conditional(
        findOwnEvent(program, actor, 'STEP'),
        findOwnEvent(program, actor, 'BREAK'),
        isLockWaitedFor,
      );
    }
    return undefined;
  };
}

/** The number of an event of an actor's own, or -1 where it has none. */
export function findOwnEvent({ events }: Program, actor: number, type: string): number {
  return events.find((event) => event.actor === actor && event.type === type && event.domain > 0)?.id ?? -1;
}
